/** The people who write to the bot. */

import { el, reconcile } from "./dom.js";

const COLOURS = 7;

/** A round avatar with initials; one `seed`, one colour, and neighbouring numbers differ. */
export function avatar(name, seed) {
  const letters = name.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => [...word][0].toUpperCase());
  const sum = [...String(seed)].reduce((total, character) => total + character.charCodeAt(0), 0);
  return el("span", { class: "avatar", data: { colour: sum % COLOURS }, "aria-hidden": "true" }, letters.join(""));
}

export const fullName = ({ first_name: first, last_name: last }) => [first, last].filter(Boolean).join(" ");

/** Draw them into `list`; `onPick` gets a customer's id. */
export function drawCustomers(list, customers, active, onPick) {
  const items = customers.map((customer, index) => {
    const isActive = customer.id === active;
    const unread = isActive ? 0 : customer.unread;
    return {
      key: String(customer.id),
      signature: JSON.stringify([fullName(customer), unread, isActive]),
      build: (old) => entry(customer, { picture: avatar(fullName(customer), index), unread, isActive, onPick, old }),
    };
  });
  reconcile(list, items);
}

function entry(customer, { picture, unread, isActive, onPick, old }) {
  const name = fullName(customer);
  const button = el(
    "button",
    {
      type: "button",
      class: "customer",
      title: name,
      "aria-current": isActive ? "true" : null,
      "aria-label": unread ? `${name}, непрочитанных: ${unread}` : name,
      onclick: () => onPick(customer.id),
    },
    picture,
    el("span", { class: "customer-name" }, customer.first_name),
    unread > 0 && el("span", { class: "badge" }, String(unread)),
  );
  if (old?.contains(document.activeElement)) queueMicrotask(() => button.focus());
  return el("li", {}, button);
}
