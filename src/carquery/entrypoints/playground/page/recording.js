/** The chat so far as a story for `carquery stories run`: to copy, or to save as a file. */

import * as api from "./api.js";
import { failed, showStory } from "./dialogs.js";

/** Wire a messenger's button; `whose` tells whose chat is open. */
export function startRecording({ key, part }, whose) {
  part("record").addEventListener("click", async () => {
    const customer = whose();
    if (customer === null) return;
    try {
      await showStory(await api.story(key, customer));
    } catch (error) {
      failed(error);
    }
  });
}
