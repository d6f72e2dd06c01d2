import { $, h } from "../dom.js";

/**
 * Says for a few seconds what happened.
 *
 * @param {string} text
 * @param {{bad?: boolean}} [options]
 */
export function toast(text, { bad = false } = {}) {
    const note = h("p", { class: bad ? "toast bad" : "toast" }, text);
    $("#toasts").append(note);
    setTimeout(() => note.remove(), bad ? 9000 : 4000);
}

/** Tells a screen reader something that others see anyway. */
export const announce = (text) => ($("#announcer").textContent = text);

/** Runs an action of a person; what goes wrong is said. Returns whether it went well. */
export async function attempt(action, done) {
    try {
        await action();
        if (done) toast(done);
        return true;
    } catch (problem) {
        toast(problem.message, { bad: true });
        return false;
    }
}
