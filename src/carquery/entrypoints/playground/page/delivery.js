/** How far a lead has come on its way into the CRM, in words. */

import { exactTime, moment } from "./format.js";

const WORDS = {
  pending: "Ждёт отправки",
  delivering: "Передаётся в amoCRM",
  delivered: "В amoCRM",
  failed: "Не вышло",
  dead: "Нужен человек",
};

/** Whether it waits for the CRM to let the bot in again. */
const isShutOut = ({ status }, closed) => Boolean(closed) && (status === "pending" || status === "failed");

/** Whether a call's answer was lost, so that nobody knows yet what became of it. */
export const isInDoubt = ({ status, calling }) => status !== "delivering" && status !== "delivered" && Boolean(calling);

const isAwaitingProof = (lead) => isInDoubt(lead) && lead.status !== "dead";

/** The badge on a card. */
export function badge(lead, closed) {
  if (isShutOut(lead, closed)) return "Ждёт amoCRM";
  if (isAwaitingProof(lead)) return "Ответ потерян";
  return WORDS[lead.status] ?? lead.status;
}

/** The badge's colour, as a status: what only has to be waited for is not shown as a failure. */
export const tone = (lead, closed) =>
  isShutOut(lead, closed) || isAwaitingProof(lead) ? "pending" : lead.status;

/** Why it is not there, and when it is tried again; null: nothing is wrong. */
export function trouble(lead, closed) {
  if (isShutOut(lead, closed)) return `${capital(closed.reason)}. Ждёт до\u00a0${exactTime(closed.until)}`;
  if (lead.status === "delivering" || lead.status === "delivered") return null;
  if (lead.status === "dead") return `${capital(lead.failure ?? "попытки кончились")}. Сама больше не отправится`;
  const isLater = lead.next_attempt_at && moment(lead.next_attempt_at) > new Date();
  const next = isLater && `${nextStep(lead)}\u00a0${exactTime(lead.next_attempt_at)}`;
  return capital([lead.failure, next].filter(Boolean).join(". ")) || null;
}

/** A sentence from the bot's own words; amoCRM is written small even at its beginning. */
const capital = (text) => (text.startsWith("amoCRM") ? text : text.charAt(0).toUpperCase() + text.slice(1));

function nextStep(lead) {
  if (isInDoubt(lead)) return "Посмотрим, дошло ли, в";
  return lead.status === "failed" ? "Повторим в" : "Ждёт до";
}

/** What is to be said aloud when a lead's status has changed. */
export const said = (lead, closed) => `Заявка ${lead.reference}: ${badge(lead, closed).toLowerCase().replace("amocrm", "amoCRM")}`;

/** Whether a person may send it again. */
export const canResubmit = ({ status }) => status === "failed" || status === "dead";
