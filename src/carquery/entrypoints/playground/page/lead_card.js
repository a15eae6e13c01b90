/** One lead: who, what, how far it has come; unfolded, what stands in the CRM for it. */

import * as api from "./api.js";
import { crmRecords, crmSteps } from "./crm.js";
import { badge, canResubmit, tone, trouble } from "./delivery.js";
import { failed, showPicture, toast } from "./dialogs.js";
import { el, keepFocus } from "./dom.js";
import { dayAndTime, phone, rubles, took } from "./format.js";

/** A card; what was folded or unfolded in `old` stays so, a new one is unfolded if `isOpen`. */
export function leadCard(lead, { closed, isOpen, old }) {
  const card = el(
    "article",
    { class: `lead${old?.classList.contains("fresh") ? " fresh" : ""}`, "aria-label": `Заявка ${lead.reference}` },
    el(
      "details",
      { class: "lead-fold", data: { fold: "lead" }, open: isOpen },
      el(
        "summary",
        { data: { focus: "fold" } },
        head(lead, closed),
        person(lead),
        lead.status !== "delivered" && crmSteps(lead),
        why(lead, closed),
      ),
      lead.place !== "earlier" && crmRecords(lead),
      !lead.crm.note && lead.lines.length > 0 && answers(lead.lines),
      lead.crm.files.length === 0 && lead.photos.length > 0 && photos(lead.photos),
    ),
    foot(lead),
  );
  for (const details of old?.querySelectorAll("details[data-fold]") ?? []) {
    const same = card.querySelector(`details[data-fold="${details.dataset.fold}"]`);
    if (same) same.open = details.open;
  }
  keepFocus(old, card);
  return card;
}

function head(lead, closed) {
  const { reference, title, price } = lead;
  return el(
    "span",
    { class: "lead-head" },
    el("h4", {}, title),
    el("span", { class: "lead-status", data: { status: tone(lead, closed) } }, badge(lead, closed)),
    el("code", { class: "lead-reference" }, reference),
    price !== null && price !== undefined && el("strong", { class: "lead-price" }, rubles(price)),
  );
}

function person({ name, phone: number, source, messenger }) {
  return el(
    "span",
    { class: "lead-person" },
    el("strong", {}, name ?? "Имя удалено"),
    number && el("span", {}, phone(number)),
    messenger && el("span", { class: "lead-messenger", title: "Мессенджер", data: { messenger: messenger.toLowerCase() } }, messenger),
    source && el("span", { class: "lead-source", title: "Источник" }, source),
  );
}

function why(lead, closed) {
  const text = trouble(lead, closed);
  return text && el("span", { class: "lead-trouble", data: { status: tone(lead, closed) } }, text);
}

function answers(lines) {
  return el(
    "details",
    { class: "fold", open: true, data: { fold: "answers" } },
    el("summary", { data: { focus: "answers" } }, "Ответы"),
    el("dl", { class: "pairs" }, lines.flatMap(([title, answer]) => [el("dt", {}, title), el("dd", {}, answer)])),
  );
}

function photos(addresses) {
  return el(
    "div",
    { class: "thumbnails" },
    addresses.map((address, index) =>
      el(
        "button",
        { type: "button", class: "photo", "aria-label": `Открыть фотографию ${index + 1}`, onclick: () => showPicture(address) },
        el("img", { src: address, alt: `Фотография ${index + 1}`, loading: "lazy" }),
      ),
    ),
  );
}

function foot(lead) {
  const { created_at: created, delivered_at: delivered } = lead;
  return el(
    "footer",
    { class: "lead-foot" },
    el("time", { datetime: created }, `Принята ${dayAndTime(created)}`),
    delivered && el("time", { datetime: delivered }, `в amoCRM ${took(created, delivered)}`),
    canResubmit(lead) && resubmission(lead),
  );
}

function resubmission({ reference }) {
  const send = async ({ currentTarget: button }) => {
    // Not `disabled`: that would take the focus away.
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    try {
      await api.resubmit(reference);
      toast(`Заявка ${reference} отправляется снова`);
    } catch (error) {
      failed(error);
      button.ariaDisabled = "false";
    }
  };
  return el("button", { type: "button", class: "again", data: { focus: "again" }, onclick: send }, "Отправить снова");
}
