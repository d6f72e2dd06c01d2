import { h } from "./dom.js";

/**
 * Gives a block of code a button that copies its text.
 *
 * @param {HTMLElement} block a `pre`
 * @returns {HTMLElement} the frame that now holds it
 */
export function makeCopyable(block) {
    const button = h("button", { class: "button small quiet", type: "button" }, "Copy");
    button.addEventListener("click", async () => {
        button.textContent = (await copy(block)) ? "Copied" : "Press Ctrl+C";
        setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    const frame = h("div", { class: "copyable" });
    block.replaceWith(frame);
    frame.append(block, button);
    return frame;
}

async function copy(block) {
    try {
        await navigator.clipboard.writeText(block.textContent);
        return true;
    } catch {
        getSelection().selectAllChildren(block); // without a secure context there is no clipboard
        return false;
    }
}
