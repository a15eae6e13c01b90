/** Toasts, alerts, confirmations and the form for a new customer. */

import { byId, el } from "./dom.js";

const TOAST_SECONDS = 4;

/** A line that goes away by itself. */
export function toast(text) {
  const line = el("div", { class: "toast" }, text);
  byId("toasts").append(line);
  setTimeout(() => line.remove(), Math.max(TOAST_SECONDS, text.length / 15) * 1000);
}

export const failed = (error) => toast(`⚠️ ${error.message}`);

/** A modal window; resolves to its form, or to null after «Отмена» or Esc. */
function ask(title, content, yes, { canCancel = true } = {}) {
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: "dialog", "aria-label": title });
    // Enter submits with the first submit button, so «Отмена» must not be one.
    const cancel = el("button", { type: "button", onclick: () => dialog.close("") }, "Отмена");
    const submit = el("button", { value: "yes" }, yes);
    const buttons = el("div", { class: "dialog-buttons" }, canCancel && cancel, submit);
    const form = el("form", { method: "dialog" }, content, buttons);
    dialog.append(form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? form : null);
    });
    document.body.append(dialog);
    dialog.showModal();
    (form.querySelector("input") ?? submit).focus();
  });
}

/** What a bot says over the chat: it has to be read. */
export const alert = (text) => ask("Сообщение бота", [el("p", { class: "dialog-text" }, text)], "ОК", { canCancel: false });

export async function confirm(title, text, yes) {
  const content = [el("h2", {}, title), el("p", { class: "dialog-text" }, text)];
  return (await ask(title, content, yes)) !== null;
}

const PASSERS_BY = [
  ["Мария", "Кузнецова", "+79031234567"],
  ["Дмитрий", "Соколов", "+79267654321"],
  ["Ольга", "Морозова", "+79851112233"],
  ["Тимур", "Сафин", "+79172223344"],
  ["Елена", "Васильева", "+79213334455"],
];

/** Ask for a new customer's details, filled in so that one press is enough. Returns null if it was called off. */
export async function askForCustomer(count, messenger) {
  const [first, last, number] = PASSERS_BY[count % PASSERS_BY.length];
  const field = (label, properties) => el("label", {}, el("span", {}, label), el("input", { autocomplete: "off", ...properties }));
  const content = [
    el("h2", {}, "Новый клиент"),
    field("Имя", { name: "first_name", value: first, required: true, maxlength: 64 }),
    field("Фамилия", { name: "last_name", value: last, maxlength: 64 }),
    field(`Телефон в ${messenger}`, { name: "phone", value: number, type: "tel", maxlength: 20 }),
  ];
  const form = await ask("Новый клиент", content, "Добавить");
  if (form === null) return null;
  const given = [...new FormData(form)].map(([name, value]) => [name, value.trim()]);
  return Object.fromEntries(given.filter(([, value]) => value));
}

/** A story to copy, or to save as a file. */
export function showStory(yaml) {
  const text = el("textarea", { class: "story-text", readonly: true, rows: 16, spellcheck: false, "aria-label": "История" });
  text.value = yaml;
  const copy = el("button", { type: "button", onclick: () => copied(text) }, "Скопировать");
  const file = URL.createObjectURL(new Blob([yaml], { type: "application/yaml" }));
  const save = el("a", { class: "story-save", href: file, download: "story.yaml" }, "Скачать");
  const content = [
    el("h2", {}, "История"),
    el("p", { class: "dialog-text" }, "Проверьте, чего она ждёт, и прогоните: carquery stories run story.yaml"),
    text,
    el("div", { class: "story-ways" }, copy, save),
  ];
  return ask("История", content, "Закрыть", { canCancel: false }).finally(() => URL.revokeObjectURL(file));
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text.value);
    toast("Скопировано");
  } catch {
    text.select(); // a browser that lets no page write there: the person copies it
  }
}

/** Pictures chosen for sending; returns whether to send them. */
export async function previewPhotos(files) {
  const addresses = files.map((file) => URL.createObjectURL(file));
  const title = files.length === 1 ? "Отправить фотографию" : `Отправить альбом: ${files.length} фото`;
  const grid = el(
    "div",
    { class: "preview", data: { count: Math.min(files.length, 3) } },
    addresses.map((address) => el("img", { src: address, alt: "" })),
  );
  const form = await ask(title, [el("h2", {}, title), grid], "Отправить");
  addresses.forEach((address) => URL.revokeObjectURL(address));
  return form !== null;
}

/** A picture on its own; a press anywhere closes it. */
export function showPicture(address) {
  const picture = el("img", { src: address, alt: "Фотография" });
  const close = el("button", { type: "button", class: "picture", "aria-label": "Закрыть фотографию" }, picture);
  const dialog = el("dialog", { class: "lightbox", "aria-label": "Фотография" }, close);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
