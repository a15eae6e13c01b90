/** The dealership's clock, which can be moved, and the chat of its staff. */

import * as api from "./api.js";
import { failed } from "./dialogs.js";
import { byId, el } from "./dom.js";

const TIMES = [
  { when: "hour", label: "+1 час" },
  { when: "night", label: "Ночь" },
  { when: "open", label: "Салон открылся" },
  { when: "weekend", label: "Выходной" },
];

/** Draw the panel. */
export function startSalon() {
  byId("salon").append(
    el(
      "div",
      { class: "faults-group" },
      el("span", { class: "faults-title" }, "Перевести часы вперёд"),
      TIMES.map(({ when, label }) =>
        el("button", { type: "button", class: "mishap", onclick: () => attempt(() => api.moveClock(when)) }, label),
      ),
    ),
    el("ol", { class: "staff", id: "staff", "aria-label": "Чат сотрудников" }),
  );
}

/** Show what time it is there, and what the staff have read. */
export function showSalon({ clock, is_open: isOpen, messages }) {
  const state = clock && `${clock} · ${isOpen ? "открыто" : "закрыто"}`;
  const line = byId("salon-state");
  line.classList.toggle("on", !isOpen);
  if (line.textContent !== state) line.textContent = state;
  const list = byId("staff");
  const signature = JSON.stringify(messages);
  if (list.dataset.signature === signature) return;
  list.dataset.signature = signature;
  list.replaceChildren(...(messages.length > 0 ? messages.map(message) : [el("li", { class: "story-hint" }, "Здесь сотрудники узнают о новых заявках.")]));
  list.scrollTop = list.scrollHeight;
}

const message = ({ id, text, buttons }) =>
  el(
    "li",
    {},
    el("p", {}, text),
    buttons.map(({ text: label, data }) =>
      el("button", { type: "button", class: "mishap", onclick: () => attempt(() => api.pressInStaffChat(id, data)) }, label),
    ),
  );

async function attempt(act) {
  try {
    await act();
  } catch (error) {
    failed(error);
  }
}
