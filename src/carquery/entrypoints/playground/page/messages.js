/** Messages as bubbles. */

import { avatar } from "./customers.js";
import { showPicture } from "./dialogs.js";
import { el, icon } from "./dom.js";
import { formatted } from "./entities.js";
import { day, moment, phone, time } from "./format.js";

/** What stands in the log: days and bubbles, an album being one bubble. For `reconcile`. */
export function logItems(messages, actions) {
  const items = [];
  let lastDay = "";
  const groups = inGroups(messages);
  groups.forEach((group, index) => {
    const date = moment(group[0].date).toDateString();
    if (date !== lastDay) {
      const label = day(group[0].date);
      items.push({ key: `day ${date}`, signature: label, build: () => el("div", { class: "day" }, el("span", {}, label)) });
      lastDay = date;
    }
    const next = groups[index + 1];
    const isLast = next === undefined || next[0].from !== group[0].from || group[0].buttons?.length > 0;
    items.push({
      key: group[0].album ? `album ${group[0].album}` : `message ${group[0].id}`,
      signature: JSON.stringify([isLast, group]),
      build: () => bubble(group, isLast, actions),
    });
  });
  return items;
}

function inGroups(messages) {
  const groups = [];
  for (const message of messages) {
    const last = groups.at(-1);
    if (message.album && last?.[0].album === message.album) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

function bubble(group, isLast, actions) {
  const [first] = group;
  const captioned = group.find((message) => message.text) ?? first;
  const photos = group.flatMap(({ photo, photos: several }) => several ?? (photo ? [photo] : [])).map(actions.address);
  const hasText = Boolean(captioned.text);
  const kind = [photos.length > 0 && "with-photos", !hasText && photos.length > 0 && "bare", isLast && "last"];
  const body = el(
    "div",
    { class: ["bubble", ...kind.filter(Boolean)].join(" ") },
    el("span", { class: "unseen" }, first.from === "bot" ? "Бот: " : "Вы: "),
    photos.length > 0 && photoGrid(photos),
    first.contact && contactCard(first.contact),
    ...group.map(({ file }) => file && el("div", { class: "file" }, icon("clip"), el("span", {}, file.name))),
    el(
      "div",
      { class: "words" },
      hasText && el("div", { class: "text" }, formatted(captioned.text, captioned.entities, actions.command)),
      meta(group.at(-1), group.some((message) => message.edited)),
    ),
  );
  const rows = group.flatMap((message) => message.buttons ?? []).filter((row) => row.length > 0);
  const keyboard = rows.length > 0 && inlineKeyboard(first.id, rows, actions);
  return el("article", { class: `message from-${first.from}${keyboard ? " has-keyboard" : ""}` }, body, keyboard);
}

function meta(message, edited) {
  return el(
    "span",
    { class: "meta" },
    edited && el("span", { class: "edited" }, "изменено "),
    el("time", { datetime: moment(message.date).toISOString() }, time(message.date)),
    message.from === "customer" && el("span", { class: "ticks", "aria-hidden": "true" }, icon("check"), icon("check")),
  );
}

function photoGrid(photos) {
  return el(
    "div",
    { class: "photos", data: { count: Math.min(photos.length, 5) } },
    photos.map((photo, index) =>
      el(
        "button",
        { type: "button", class: "photo", "aria-label": `Открыть фотографию ${index + 1}`, onclick: () => showPicture(photo) },
        el("img", { src: photo, alt: "Фотография", loading: "lazy" }),
      ),
    ),
  );
}

function contactCard({ phone_number: number, first_name: name }) {
  return el(
    "div",
    { class: "contact" },
    avatar(name, number),
    el("div", {}, el("strong", {}, name), el("span", { class: "contact-phone" }, phone(number))),
  );
}

function inlineKeyboard(message, rows, actions) {
  return el(
    "div",
    { class: "inline-keyboard", role: "group", "aria-label": "Кнопки под сообщением" },
    rows.map((row) =>
      el(
        "div",
        { class: "inline-row" },
        row.map((button) => inlineButton(message, button, actions)),
      ),
    ),
  );
}

function inlineButton(message, { text, data, url, type }, actions) {
  if (url) {
    const safe = /^(https?|tg):/i.test(url) ? url : null;
    return el("a", { class: "inline-button", href: safe, target: "_blank", rel: "noopener noreferrer" }, text, icon("link"));
  }
  const button = el("button", { type: "button", class: "inline-button", data: { message, callback: data ?? "" } }, text);
  button.addEventListener("click", () => {
    if (type === "request_contact") actions.shareContact();
    else if (type === "message") actions.say(text);
    else actions.press(message, data ?? "");
  });
  return button;
}
