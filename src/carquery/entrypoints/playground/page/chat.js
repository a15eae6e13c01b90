/** The chat of one customer with the bot. */

import * as api from "./api.js";
import { drawComposer, send, startComposer, writeAs } from "./composer.js";
import { failed } from "./dialogs.js";
import { byId, reconcile, setBadge } from "./dom.js";
import { moment } from "./format.js";
import { logItems } from "./messages.js";
import { mark, press } from "./presses.js";

const NEAR = 60; // pixels from the end at which a reader still follows the chat
const TYPING = 6_000; // milliseconds; Telegram's own indicator lasts about 5 s

const log = () => byId("log");

let customer = null;
let writer = "";
let isOnline = true;
let isTyping = false;
let typingTimer = 0;
let unseen = 0;
let drawn = null;

/** Wire the chat up. */
export function startChat() {
  startComposer(() => {
    toEnd();
    reload();
  });
  log().addEventListener("scroll", follow, { passive: true });
  byId("down").addEventListener("click", () => toEnd("smooth"));
  // The end stays in sight when the keyboard or the window takes room away.
  let wasNear = true;
  log().addEventListener("scroll", () => (wasNear = isNear()), { passive: true });
  new ResizeObserver(() => wasNear && toEnd()).observe(log());
}

/** Show another customer's chat. */
export function openChat(id, name) {
  customer = id;
  writer = name;
  drawn = null;
  unseen = 0;
  writeAs(id);
  showTyping(false);
  return reload();
}

/** Get the chat again and show what changed. */
export const reload = api.coalesced(async () => {
  const asked = customer;
  if (asked === null) return;
  try {
    const chat = await api.chat(asked);
    if (asked === customer) draw(chat);
  } catch (error) {
    failed(error);
  }
});

/** The bot is busy with this chat until `until`. */
export function typing(until) {
  const left = moment(until) - Date.now();
  showTyping(true, Number.isFinite(left) ? Math.min(Math.max(left, 0), TYPING) : TYPING);
}

/** Whether the playground can be reached. */
export function online(is) {
  isOnline = is;
  drawState();
}

function draw(chat) {
  const isFirst = drawn !== customer;
  const follows = isFirst || isNear();
  const actions = {
    command: send,
    press: (message, data) => press(customer, message, data).catch((error) => {
        failed(error);
        reload();
      }),
  };
  if (isFirst) log().replaceChildren();
  const { added, changed } = reconcile(log(), logItems(chat.messages, actions));
  if (!isFirst) animate(added, changed);
  mark(customer);
  drawComposer(chat);
  byId("welcome").hidden = chat.messages.length > 0;
  showTyping(Boolean(chat.typing));
  if (follows) toEnd();
  else setUnseen(unseen + [...added].filter((key) => !key.startsWith("day")).length);
  follow();
  drawn = customer;
}

function animate(added, changed) {
  for (const node of log().children) {
    if (added.has(node.dataset.key)) node.classList.add("arrived");
    else if (changed.has(node.dataset.key)) node.classList.add("changed");
  }
}

function showTyping(is, milliseconds = TYPING) {
  clearTimeout(typingTimer);
  isTyping = is;
  if (is) typingTimer = setTimeout(() => showTyping(false), milliseconds);
  drawState();
}

function drawState() {
  const state = byId("peer-state");
  state.classList.toggle("typing", isOnline && isTyping);
  const words = isOnline ? (isTyping ? "печатает" : `бот · вы – ${writer}`) : "соединение…";
  if (state.textContent !== words) state.textContent = words;
}

const isNear = () => log().scrollHeight - log().scrollTop - log().clientHeight < NEAR;

function toEnd(behavior = "instant") {
  log().scrollTo({ top: log().scrollHeight, behavior });
  setUnseen(0);
}

function follow() {
  const near = isNear();
  byId("down").hidden = near;
  if (near) setUnseen(0);
}

function setUnseen(count) {
  unseen = count;
  setBadge(byId("down-count"), count);
}
