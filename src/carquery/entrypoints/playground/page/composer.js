/** What a customer writes: text, commands, pictures, other files, and the bot's reply keyboard. */

import { confirm, failed, previewPhotos } from "./dialogs.js";
import { el } from "./dom.js";

const ALBUM_LIMIT = 10; // pictures. Source: Bot API, sendMediaGroup

/** That of one messenger; `sent` is called after the customer did something. */
export function composer(messenger, sent) {
  const { api, part, hasMenu } = messenger;
  const drafts = new Map();
  let customer = null;
  let commands = [];

  const text = () => part("text");

  /** Wire it. */
  function wire() {
    part("composer").addEventListener("submit", (event) => {
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
    part("attach").addEventListener("click", () => part("files").click());
    part("files").addEventListener("change", ({ target }) => {
      attach([...target.files]);
      target.value = "";
    });
    part("start").addEventListener("click", () => start());
    startMenu();
  }

  /** Turn to another customer; what the last one had typed is kept for them. */
  function writeAs(id) {
    if (customer !== null) drafts.set(customer, text().value);
    customer = id;
    text().value = drafts.get(id) ?? "";
    grow();
    showCommands([]);
  }

  /** Fit the composer to the chat as it stands. */
  function drawComposer(chat) {
    const isNew = chat.messages.length === 0 || Boolean(chat.is_stopped);
    commands = chat.commands ?? [];
    part("start").hidden = !isNew;
    part("composer").hidden = isNew;
    part("menu-button").hidden = commands.length === 0 || !hasMenu;
    text().placeholder = chat.reply_keyboard?.placeholder || "Сообщение";
    drawReplyKeyboard(chat.reply_keyboard?.rows ?? []);
  }

  const start = () => attempt(() => messenger.start(customer));

  /** Send a text as the customer. */
  function send(typed) {
    return attempt(() => api.sendText(customer, typed));
  }

  async function attempt(act) {
    try {
      await act();
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
    await attempt(async () => {
      if (others.length > 0) await api.sendFiles(customer, others);
      for (let start = 0; start < pictures.length; start += ALBUM_LIMIT) {
        await api.sendPhotos(customer, pictures.slice(start, start + ALBUM_LIMIT));
      }
    });
  }

  /** The field grows with its text, up to what the style sheet allows. */
  function grow() {
    text().style.height = "auto";
    // Hidden behind «Запустить» it has no height to be measured.
    if (text().scrollHeight > 0) text().style.height = `${text().scrollHeight}px`;
    part("composer").classList.toggle("typed", text().value.trim() !== "");
  }

  function drawReplyKeyboard(rows) {
    const keyboard = part("reply-keyboard");
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
    await attempt(() => api.sendContact(customer));
  }

  function startMenu() {
    const isOpen = () => !part("commands").hidden;
    part("menu-button").addEventListener("click", () => showCommands(isOpen() ? [] : commands));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !isOpen()) return;
      showCommands([]);
      text().focus();
    });
    document.addEventListener("click", ({ target }) => {
      if (isOpen() && ![part("commands"), part("menu-button"), text()].some((own) => own.contains(target))) showCommands([]);
    });
  }

  function showCommands(shown) {
    const list = part("commands");
    list.hidden = shown.length === 0;
    part("menu-button").setAttribute("aria-expanded", String(shown.length > 0));
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

  wire();
  return { draw: drawComposer, writeAs, send, shareContact };
}
