/** What stands in the CRM for a lead, in the order in which it is made. */

import * as api from "./api.js";
import { isInDoubt } from "./delivery.js";
import { failed, showPicture, toast } from "./dialogs.js";
import { el, icon } from "./dom.js";
import { dayAndTime, phone, rubles } from "./format.js";

/** A row for each effect: made, perhaps made, being made, or still to come. */
export const crmRecords = (lead) =>
  el("ol", { class: "crm", "aria-label": "Что стоит в amoCRM" }, wanted(lead).map((effect) => record(lead, effect)));

/** The same in one line, while the card is folded. */
export const crmSteps = (lead) =>
  el(
    "span",
    { class: "crm-steps" },
    wanted(lead).map((effect) => {
      const state = stateOf(lead, effect.name, effect.of(lead.crm));
      return el("span", { data: { state } }, effect.title, " ", MARKS[state]);
    }),
  );

const MARKS = { made: "✓", unsure: "?", "awaited busy": "…", awaited: "–" };

const wanted = (lead) => EFFECTS.filter(({ name }) => name !== "files" || lead.crm.files.length > 0 || lead.photos.length > 0);

function record(lead, { name, symbol, title, of, describe }) {
  const standing = of(lead.crm);
  const state = stateOf(lead, name, standing);
  const label = el("span", { class: "crm-title" }, title);
  return el(
    "li",
    { class: state },
    el("span", { class: "crm-mark" }, icon(state === "made" ? "check" : state === "unsure" ? "question" : symbol)),
    el(
      "div",
      { class: "crm-text" },
      standing ? describe(standing, label) : [label, el("span", {}, missing(lead, name, state))],
      state === "unsure" && el("span", { class: "crm-unsure" }, "Ответ потерян: бот ещё не знает, что это уже есть"),
    ),
  );
}

function stateOf(lead, effect, standing) {
  const isCalled = lead.calling === effect;
  if (standing) return isCalled && isInDoubt(lead) ? "unsure" : "made";
  return isCalled && lead.status === "delivering" ? "awaited busy" : "awaited";
}

function missing(lead, effect, state) {
  if (state === "awaited busy") return "передаётся…";
  if (lead.calling === effect && isInDoubt(lead)) return "ответа нет: может быть, ещё дойдёт";
  return lead.made.includes(effect) ? "не нужна" : "ещё нет";
}

const contactText = ({ name, phone: number, telegram }, label) => [
  label,
  el("span", {}, name),
  el(
    "span",
    { class: "aside" },
    number && el("a", { href: `tel:${number.replace(/[^\d+]/g, "")}`, data: { focus: "phone" } }, phone(number)),
    number && telegram && " · ",
    telegram && `Telegram: ${telegram}`,
  ),
];

const dealText = ({ id, title, price, responsible, tags, fields, next_stage: stage, is_closed: isClosed, merges_with: other }, label) => [
  label,
  el("span", {}, unbroken(title)),
  el(
    "div",
    { class: "deal-line" },
    aside([price !== null && price !== undefined && rubles(price), responsible].filter(Boolean).join(" · ")),
    el("span", { class: "tags" }, tags.map((tag) => el("span", { class: "tag" }, tag))),
    fields.length > 0 && fieldsFold(fields),
  ),
  el(
    "div",
    { class: "deal-acts", role: "group", "aria-label": "Что делает менеджер" },
    act(id, "call", "Позвонить", {}, "Менеджер позвонил клиенту"),
    stage && act(id, "move", "Дальше", { status: stage }),
    !isClosed && act(id, "close", "Закрыть", {}),
    other && act(id, "merge", "Объединить", { into: other }),
  ),
];

const act = (deal, what, label, body, done) =>
  el("button", { type: "button", class: "mishap", data: { focus: what }, onclick: () => perform(deal, what, body, done) }, label);

async function perform(deal, what, body, done) {
  try {
    await api.actOnDeal(deal, what, body);
    if (done) toast(done);
  } catch (error) {
    failed(error);
  }
}

const fieldsFold = (fields) =>
  el(
    "details",
    { class: "fold", data: { fold: "fields" } },
    el("summary", { data: { focus: "fields" } }, `Поля: ${fields.length}`),
    el("dl", { class: "pairs" }, fields.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
  );

/** Its first line is on the fold. */
function noteText({ text }, label) {
  const [first, ...others] = text.split("\n");
  return el(
    "details",
    { class: "note", data: { fold: "note" }, open: true },
    el("summary", { data: { focus: "note" } }, label, unbroken(first)),
    el("p", {}, others.join("\n")),
  );
}

const taskText = ({ text, due_at: due }, label) => [label, el("span", {}, unbroken(text)), aside(`до ${dayAndTime(due)}`)];

const filesText = (files, label) => [
  label,
  el(
    "div",
    { class: "thumbnails" },
    files.map(({ name, address }, index) =>
      isPicture(name) ? picture(name, address, index) : el("a", { href: address, download: name, class: "file-name" }, name),
    ),
  ),
];

const isPicture = (name) => /\.(jpe?g|png|gif|webp)$/i.test(name);

const picture = (name, address, index) =>
  el(
    "button",
    {
      type: "button",
      class: "photo",
      title: name,
      "aria-label": `Открыть фотографию ${index + 1} из amoCRM`,
      data: { focus: `file ${index}` },
      onclick: () => showPicture(address),
    },
    el("img", { src: address, alt: name, loading: "lazy" }),
  );

const aside = (text) => text && el("span", { class: "aside" }, text);

/** References and phones stay on one line: their hyphens and spaces invite a break. */
const unbroken = (text) =>
  text.split(/(CQ-\w+|\+\d[\d\s-]+\d)/).map((part, index) => (index % 2 ? el("span", { class: "unbroken" }, part) : part));

const EFFECTS = [
  { name: "contact", symbol: "person", title: "Контакт", of: ({ contact }) => contact, describe: contactText },
  { name: "lead", symbol: "deal", title: "Сделка", of: ({ deal }) => deal, describe: dealText },
  { name: "note", symbol: "note", title: "Примечание", of: ({ note }) => note, describe: noteText },
  { name: "task", symbol: "task", title: "Задача", of: ({ task }) => task, describe: taskText },
  { name: "files", symbol: "files", title: "Фотографии", of: ({ files }) => (files.length > 0 ? files : null), describe: filesText },
];
