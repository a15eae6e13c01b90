/** What a customer writes: text, commands, pictures, other files, and the bot's reply keyboard. */

import * as api from "./api.js";
import { confirm, failed, previewPhotos } from "./dialogs.js";
import { byId, el } from "./dom.js";

const ALBUM_LIMIT = 10; // pictures. Source: Bot API, sendMediaGroup

const drafts = new Map();
let customer = null;
let commands = [];
let sent = () => {};

const text = () => byId("text");

/** Wire the composer; `onSent` is called after the customer did something. */
export function startComposer(onSent) {
  sent = onSent;
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    sendTyped();
  });
  text().addEventListener("input", () => {
    grow();
    const typed = text().value;
    showCommands(/^\/\w*$/.test(typed) ? commands.filter(({ command }) => `/${command}`.startsWith(typed)) : []);
  });
  text().addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    sendTyped();
  });
  text().addEventListener("paste", (event) => attach([...event.clipboardData.files]));
  byId("attach").addEventListener("click", () => byId("files").click());
  byId("files").addEventListener("change", ({ target }) => {
    attach([...target.files]);
    target.value = "";
  });
  byId("start").addEventListener("click", () => send("/start"));
  startMenu();
}

/** Turn to another customer; what the last one had typed is kept for them. */
export function writeAs(id) {
  if (customer !== null) drafts.set(customer, text().value);
  customer = id;
  text().value = drafts.get(id) ?? "";
  grow();
  showCommands([]);
}

/** Fit the composer to the chat as it stands. */
export function drawComposer(chat) {
  const isNew = chat.messages.length === 0;
  commands = chat.commands ?? [];
  byId("start").hidden = !isNew;
  byId("composer").hidden = isNew;
  byId("menu-button").hidden = commands.length === 0;
  text().placeholder = chat.reply_keyboard?.placeholder || "Сообщение";
  drawReplyKeyboard(chat.reply_keyboard?.rows ?? []);
}

/** Send a text as the customer. */
export async function send(typed) {
  try {
    await api.sendText(customer, typed);
    sent();
    return true;
  } catch (error) {
    failed(error);
    return false;
  }
}

async function sendTyped() {
  const typed = text().value.trim();
  if (!typed) return;
  text().value = "";
  grow();
  showCommands([]);
  if (!(await send(typed)) && !text().value) text().value = typed;
}

async function attach(files) {
  const pictures = files.filter((file) => file.type.startsWith("image/"));
  const others = files.filter((file) => !pictures.includes(file));
  if (pictures.length > 0 && !(await previewPhotos(pictures))) return;
  try {
    if (others.length > 0) await api.sendFiles(customer, others);
    for (let start = 0; start < pictures.length; start += ALBUM_LIMIT) {
      await api.sendPhotos(customer, pictures.slice(start, start + ALBUM_LIMIT));
    }
    sent();
  } catch (error) {
    failed(error);
  }
}

/** The field grows with its text, up to what the style sheet allows. */
function grow() {
  text().style.height = "auto";
  // Hidden behind «Запустить» it has no height to be measured.
  if (text().scrollHeight > 0) text().style.height = `${text().scrollHeight}px`;
  byId("composer").classList.toggle("typed", text().value.trim() !== "");
}

function drawReplyKeyboard(rows) {
  const keyboard = byId("reply-keyboard");
  const signature = JSON.stringify(rows);
  if (keyboard.dataset.signature === signature) return;
  keyboard.dataset.signature = signature;
  keyboard.hidden = rows.length === 0;
  keyboard.replaceChildren(
    ...rows.map((row) => el("div", { class: "reply-row" }, row.map((button) => replyButton(button)))),
  );
}

function replyButton({ text: label, request_contact: asksContact }) {
  const press = asksContact ? shareContact : () => send(label);
  return el("button", { type: "button", class: "reply-button", onclick: press }, label);
}

async function shareContact() {
  const question = "Бот «Автосалон» узнает ваш номер телефона. Это удобно, чтобы менеджер мог вам позвонить.";
  if (!(await confirm("Поделиться номером?", question, "Поделиться"))) return;
  try {
    await api.sendContact(customer);
    sent();
  } catch (error) {
    failed(error);
  }
}

function startMenu() {
  const isOpen = () => !byId("commands").hidden;
  byId("menu-button").addEventListener("click", () => showCommands(isOpen() ? [] : commands));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen()) return;
    showCommands([]);
    text().focus();
  });
  document.addEventListener("click", ({ target }) => {
    if (isOpen() && !target.closest("#commands, #menu-button, #text")) showCommands([]);
  });
}

function showCommands(shown) {
  const list = byId("commands");
  list.hidden = shown.length === 0;
  byId("menu-button").setAttribute("aria-expanded", String(shown.length > 0));
  list.replaceChildren(...shown.map((command) => el("li", {}, commandButton(command))));
}

function commandButton({ command, description }) {
  const choose = () => {
    showCommands([]);
    text().value = "";
    grow();
    send(`/${command}`);
  };
  return el("button", { type: "button", onclick: choose }, el("span", {}, description), el("code", {}, `/${command}`));
}
