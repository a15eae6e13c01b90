/** The guided first minute: one hint after the other, until they were followed or are not wanted any more. */

import * as api from "./api.js";
import { failed } from "./dialogs.js";
import { byId, el } from "./dom.js";

const DISMISSED = "carquery.hints-dismissed"; // kept in this browser
const ADVERT = "продаю камри 2018, пробег 120 тыс, хочу 1,9 млн";
const LAST = 3;

/** What to do, by how many were followed. */
function hint(step, isDown) {
  switch (step) {
    case 0:
      return { text: "Напишите боту так, как пишут в объявлении: он поймёт и заполнит заявку.", label: "Вставить пример", act: insertAdvert };
    case 1:
      return isDown
        ? { text: "amoCRM выключена. Ответьте боту на вопросы и отправьте заявку: она дождётся." }
        : { text: "Теперь выключите amoCRM, ответьте боту на вопросы и отправьте заявку.", label: "Выключить amoCRM", act: () => api.putSwitches({ down: true }) };
    case 2:
      return { text: "Включите amoCRM: заявка дойдёт сама, сделка будет одна.", label: "Включить amoCRM", act: () => api.putSwitches({ down: false }) };
    default:
      return { text: "Сделка одна: ничего не потерялось и не задвоилось. Теперь попробуйте другие сбои." };
  }
}

/** How many were followed, of those that were followed before and by how things stand now. */
export function followed(step, { leads, switches, hearing }) {
  const waits = leads.some(({ status }) => status !== "delivered");
  if (step === 0) return hearing.last !== null || leads.length > 0 ? 1 : 0;
  if (step === 1) return switches.down && waits ? 2 : 1;
  if (step === 2) return switches.down || waits ? 2 : LAST;
  return LAST;
}

let done = 0;
let isClosed = wasDismissed(); // there are no hints any more

/** Show the next hint. */
export function showHints(state) {
  if (isClosed) return;
  done = followed(done, state);
  if (done === LAST) remember(); // whoever loads the page anew has seen all
  const strip = byId("hints") ?? document.querySelector(".top").appendChild(el("section", { class: "hints", id: "hints", "aria-label": "Первая минута" }));
  const { text, label, act } = hint(done, state.switches.down);
  if (strip.dataset.text === text) return;
  strip.dataset.text = text;
  strip.replaceChildren(
    el("b", {}, done < LAST ? `Шаг ${done + 1} из ${LAST}` : "Готово"),
    el("p", { "aria-live": "polite" }, text),
    ...(act ? [el("button", { type: "button", class: "hints-act", onclick: () => attempt(act) }, label)] : []),
    el("button", { type: "button", class: "hints-close", title: "Скрыть подсказки", "aria-label": "Скрыть подсказки", onclick: dismiss }, "✕"),
  );
}

async function insertAdvert() {
  document.querySelector('.view-switch[data-view="chat"]').click();
  if (!byId("start").hidden) byId("start").click();
  while (byId("composer").hidden) await new Promise(requestAnimationFrame);
  const text = byId("text");
  text.value = ADVERT;
  text.dispatchEvent(new Event("input"));
  text.focus({ preventScroll: true });
}

function dismiss() {
  byId("hints").remove();
  isClosed = true;
  remember();
}

function remember() {
  try {
    localStorage.setItem(DISMISSED, "1");
  } catch {
    // a browser that keeps nothing: until the page is loaded anew
  }
}

function wasDismissed() {
  try {
    return localStorage.getItem(DISMISSED) !== null;
  } catch {
    return false;
  }
}

async function attempt(act) {
  try {
    await act();
  } catch (error) {
    failed(error);
  }
}
