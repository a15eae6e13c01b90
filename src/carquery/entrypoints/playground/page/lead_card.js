/** One lead, and below it what stands in the CRM. */

import { showPicture } from "./dialogs.js";
import { el, icon } from "./dom.js";
import { dayAndTime, phone, rubles, took } from "./format.js";

const STATUSES = {
  pending: "Ждёт отправки",
  delivering: "Передаётся в CRM",
  delivered: "В CRM",
  failed: "Не вышло, повторим",
  dead: "Нужен человек",
};

/** A card; what was folded or unfolded in `old` stays so. */
export function leadCard(lead, old) {
  const card = el(
    "article",
    { class: `lead${old?.classList.contains("fresh") ? " fresh" : ""}`, "aria-label": `Заявка ${lead.reference}` },
    head(lead),
    person(lead),
    lead.failure && el("p", { class: "lead-failure" }, lead.failure),
    lead.lines.length > 0 && answers(lead.lines),
    lead.photos.length > 0 && photos(lead.photos),
    crm(lead),
    times(lead),
  );
  for (const details of old?.querySelectorAll("details[data-fold]") ?? []) {
    const same = card.querySelector(`details[data-fold="${details.dataset.fold}"]`);
    if (same) same.open = details.open;
  }
  return card;
}

function head({ reference, title, status, price }) {
  return el(
    "header",
    { class: "lead-head" },
    el("h3", {}, title),
    el("span", { class: "lead-status", data: { status } }, STATUSES[status] ?? status),
    el("code", { class: "lead-reference" }, reference),
    price !== null && price !== undefined && el("strong", { class: "lead-price" }, rubles(price)),
  );
}

function person({ name, phone: number, source }) {
  return el(
    "p",
    { class: "lead-person" },
    el("strong", {}, name ?? "Имя удалено"),
    number && el("a", { href: `tel:${number.replace(/[^\d+]/g, "")}` }, phone(number)),
    source && el("span", { class: "lead-source", title: "Источник" }, source),
  );
}

function answers(lines) {
  return el(
    "details",
    { class: "fold", open: true, data: { fold: "answers" } },
    el("summary", {}, "Ответы"),
    el(
      "table",
      { class: "answers" },
      el("tbody", {}, lines.map(([title, answer]) => el("tr", {}, el("th", { scope: "row" }, title), el("td", {}, answer)))),
    ),
  );
}

function photos(addresses) {
  return el(
    "div",
    { class: "lead-photos" },
    addresses.map((address, index) =>
      el(
        "button",
        { type: "button", class: "photo", "aria-label": `Открыть фотографию ${index + 1}`, onclick: () => showPicture(address) },
        el("img", { src: address, alt: `Фотография ${index + 1}`, loading: "lazy" }),
      ),
    ),
  );
}

function crm({ crm: { contact, deal, note, task } }) {
  return el(
    "section",
    { class: "crm", "aria-label": "Что стоит в amoCRM" },
    el("h4", {}, "amoCRM"),
    el(
      "ol",
      { class: "crm-records" },
      record("person", "Контакт", contact, ({ name, phone: number, telegram }) => [
        name,
        aside([number && phone(number), telegram].filter(Boolean).join(" · ")),
      ]),
      record("deal", "Сделка", deal, ({ title, price, stage, tags }) => [
        title,
        aside([price !== null && price !== undefined && rubles(price), stage].filter(Boolean).join(" · ")),
        el("span", { class: "tags" }, (tags ?? []).map((tag) => el("span", { class: "tag" }, tag))),
      ]),
      record("note", "Примечание", note, ({ text }) => [
        el(
          "details",
          { class: "note", data: { fold: "note" } },
          el("summary", {}, text.split("\n", 1)[0]),
          el("p", {}, text),
        ),
      ]),
      record("task", "Задача", task, ({ text, due_at: due }) => [text, aside(`до ${dayAndTime(due)}`)]),
    ),
  );
}

const aside = (text) => text && el("span", { class: "aside" }, text);

function record(symbol, title, made, describe) {
  return el(
    "li",
    { class: made ? "made" : "awaited" },
    el("span", { class: "crm-mark" }, icon(made ? "check" : symbol)),
    el("span", { class: "crm-title" }, title),
    el("div", { class: "crm-text" }, made ? describe(made) : "ещё нет"),
  );
}

function times({ created_at: created, delivered_at: delivered }) {
  return el(
    "footer",
    { class: "lead-times" },
    el("time", { datetime: created }, `Принята ${dayAndTime(created)}`),
    delivered && el("time", { datetime: delivered }, `в CRM ${took(created, delivered)}`),
  );
}
