/** One emulated messenger: its control API, and the part of the page that is its own. */

import { ask, listen, post, send } from "./api.js";
import { byId } from "./dom.js";

/** Telegram, as it stands in the page. */
export const TELEGRAM = messenger({ key: "telegram", name: "Telegram", base: "", start: (api, customer) => api.sendText(customer, "/start") });

/** MAX: beside Telegram's chat stands one of its own. */
export const MAX = messenger({ key: "max", name: "MAX", base: "/max", start: (api, customer) => api.start(customer), hasMenu: false });

/** `base`: what the paths of its control API begin with; ids in its part of the page begin with its key, but for Telegram's. */
function messenger({ key, name, base, start, hasMenu = true }) {
  const api = control(base);
  const prefix = base ? `${key}-` : "";
  return {
    key,
    name,
    api,
    hasMenu,
    part: (id) => byId(prefix + id),
    address: (path) => base + path,
    start: (customer) => start(api, customer),
    follow: (onEvent, onState) => listen(`${base}/control/events`, onEvent, onState),
  };
}

/** Make a second chat of the one that stands in the page, with ids that begin with the messenger's key. */
export function placeChat({ key, name }) {
  const chat = byId("chat").cloneNode(true);
  for (const element of [chat, ...chat.querySelectorAll("[id]")]) element.id = `${key}-${element.id}`;
  for (const element of chat.querySelectorAll("[aria-controls]")) {
    element.setAttribute("aria-controls", `${key}-${element.getAttribute("aria-controls")}`);
  }
  chat.dataset.messenger = key;
  chat.setAttribute("aria-label", `Чат в ${name}`);
  byId("chat").after(chat);
}

function control(base) {
  const at = (customer, what) => `${base}/control/customers/${encodeURIComponent(customer)}/${what}`;
  const upload = (path, files) => {
    const form = new FormData();
    for (const file of files) form.append("file", file, file.name);
    return ask(path, { method: "POST", body: form });
  };
  return {
    customers: () => ask(`${base}/control/customers`),
    addCustomer: (details) => post(`${base}/control/customers`, details),
    chat: (customer) => ask(at(customer, "chat")),
    start: (customer) => post(at(customer, "start"), {}),
    sendText: (customer, text) => post(at(customer, "text"), { text }),
    sendContact: (customer) => post(at(customer, "contact"), {}),
    press: (customer, message, data) => post(at(customer, "press"), { message_id: message, data }),
    /** One picture is a photo, several are sent together. */
    sendPhotos: (customer, files) => upload(at(customer, "photos"), files),
    /** Each is a message of its own. */
    sendFiles: (customer, files) => upload(at(customer, "files"), files),
    addFault: (fault) => post(`${base}/control/faults`, fault),
    heal: () => send("DELETE", `${base}/control/faults`, {}),
    repeatLatest: () => post(`${base}/control/updates/repeat`, {}),
    expireFiles: () => post(`${base}/control/files/expire`, {}),
  };
}

