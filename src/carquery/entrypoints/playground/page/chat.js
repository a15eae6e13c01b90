/** The chats of a messenger, one of which is open. */

import { coalesced } from "./api.js";
import { composer } from "./composer.js";
import { failed } from "./dialogs.js";
import { reconcile, setBadge } from "./dom.js";
import { moment } from "./format.js";
import { logItems } from "./messages.js";
import { presses } from "./presses.js";

const NEAR = 60; // pixels from the end at which a reader still follows the chat
const TYPING = 6_000; // milliseconds; Telegram's own indicator lasts about 5 s

/** Those of one messenger. */
export function chats(messenger) {
  const { api, part } = messenger;
  const log = () => part("log");

  let customer = null;
  let writer = "";
  let isOnline = true;
  let isTyping = false;
  let typingTimer = 0;
  let unseen = 0;
  let drawn = null;

  const pressed = presses(messenger);
  const writing = composer(messenger, () => {
    toEnd();
    reload();
  });

  /** Wire the chat up. */
  function wire() {
    log().addEventListener("scroll", follow, { passive: true });
    part("down").addEventListener("click", () => toEnd("smooth"));
    // The end stays in sight when the keyboard or the window takes room away.
    let wasNear = true;
    log().addEventListener("scroll", () => (wasNear = isNear()), { passive: true });
    new ResizeObserver(() => wasNear && toEnd()).observe(log());
  }

  /** Show another customer's chat. */
  function openChat(id, name) {
    customer = id;
    writer = name;
    drawn = null;
    unseen = 0;
    writing.writeAs(id);
    showTyping(false);
    return reload();
  }

  /** Get the chat again and show what changed. */
  const reload = coalesced(async () => {
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
  function typing(until) {
    const left = moment(until) - Date.now();
    showTyping(true, Number.isFinite(left) ? Math.min(Math.max(left, 0), TYPING) : TYPING);
  }

  /** Whether the playground can be reached. */
  function online(is) {
    isOnline = is;
    drawState();
  }

  function draw(chat) {
    const isFirst = drawn !== customer;
    const follows = isFirst || isNear();
    const actions = {
      command: writing.send,
      say: writing.send,
      shareContact: writing.shareContact,
      address: messenger.address,
      press: (message, data) =>
        pressed.press(customer, message, data).catch((error) => {
          failed(error);
          reload();
        }),
    };
    if (isFirst) log().replaceChildren();
    const { added, changed } = reconcile(log(), logItems(chat.messages, actions));
    if (!isFirst) animate(added, changed);
    pressed.mark(customer);
    writing.draw(chat);
    part("welcome").hidden = chat.messages.length > 0;
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
    const state = part("peer-state");
    state.classList.toggle("typing", isOnline && isTyping);
    const words = isOnline ? (isTyping ? "печатает" : `${writer} в ${messenger.name}`) : "соединение…";
    if (state.textContent !== words) state.textContent = words;
  }

  const isNear = () => log().scrollHeight - log().scrollTop - log().clientHeight < NEAR;

  function toEnd(behavior = "instant") {
    log().scrollTo({ top: log().scrollHeight, behavior });
    setUnseen(0);
  }

  function follow() {
    const near = isNear();
    part("down").hidden = near;
    if (near) setUnseen(0);
  }

  function setUnseen(count) {
    unseen = count;
    setBadge(part("down-count"), count);
  }

  wire();
  return { open: openChat, reload, typing, online, settle: pressed.settle };
}
