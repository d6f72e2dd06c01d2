import { $, h } from "./dom.js";

/**
 * Makes the search field narrow the page to the operations that hold every word. `/` goes to it, Enter to the first hit.
 *
 * @param {HTMLInputElement} input
 * @param {Array<object>} chapters
 */
export function search(input, chapters) {
    const operations = chapters.flatMap((chapter) => chapter.operations.map((each) => ({
        id: each.id,
        words: [each.method, each.path, each.summary, each.description, chapter.name,
            ...each.parameters.map((parameter) => parameter.name)].join(" ").toLowerCase(),
    })));
    const nothing = h("p", { class: "nothing", hidden: true });
    $("#reference").append(nothing);

    function narrow() {
        const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
        const hits = operations.filter((each) => wanted.every((word) => each.words.includes(word)));
        const ids = new Set(hits.map((each) => each.id));
        for (const { id } of operations) {
            document.getElementById(id).hidden = !ids.has(id);
            document.querySelector(`[data-operation="${CSS.escape(id)}"]`).hidden = !ids.has(id);
        }
        for (const part of document.querySelectorAll(".chapter")) part.hidden = !part.querySelector(
            ".operation:not([hidden])");
        for (const list of document.querySelectorAll("#chapters ul")) {
            const empty = !list.querySelector("li:not([hidden])");
            list.hidden = empty;
            list.previousElementSibling.hidden = empty;
        }
        $("#guide").hidden = wanted.length > 0;
        nothing.hidden = hits.length > 0;
        nothing.textContent = `No operation has “${input.value}”. Search by path, method or word.`;
        $("#status").textContent = wanted.length ? `${hits.length} operations found` : "";
        return hits;
    }

    input.addEventListener("input", narrow);
    input.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
            input.value = "";
            narrow();
            input.blur();
        } else if (event.key === "Enter") {
            const first = narrow()[0];
            if (first) document.getElementById(first.id).querySelector("h3 a").focus();
        }
    });
    document.addEventListener("keydown", (event) => {
        if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest?.("input, textarea")) return;
        event.preventDefault();
        input.focus();
    });
    document.addEventListener("click", (event) => {
        if (input.value && event.target.closest?.("a[href^='#']")) {
            const id = event.target.closest("a").hash.slice(1);
            if (!document.getElementById(id)?.matches(".operation:not([hidden])")) {
                input.value = "";
                narrow();
            }
        }
    });
}
