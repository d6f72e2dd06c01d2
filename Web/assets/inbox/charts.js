import { h, s } from "../dom.js";

const dateName = new Intl.DateTimeFormat(navigator.language, { day: "numeric", month: "short" });
const width = 560;
const height = 190;
const floor = 164;

/**
 * Bars over days, the failed part on top in another colour. The numbers are there for screen readers as a table.
 *
 * @param {Array<{date: Date, total: number, good: number, bad: number}>} days
 * @param {{label: (day: object) => string}} options
 */
export function barChart(days, { label }) {
    const most = Math.max(1, ...days.map((day) => day.total));
    const step = (width - 36) / days.length;
    const top = niceTop(most);
    const y = (value) => floor - (value / top) * (floor - 14);
    const bar = (day, index) => {
        const x = 32 + index * step + step * 0.16;
        const part = (from, to, name) => to > from
            && s("rect", { class: name, x, y: y(to), width: step * 0.68, height: y(from) - y(to) });
        return s(
            "g", {}, s(
                "title", {}, `${dateName.format(day.date)}: ${label(day)}${day.bad ? `, ${day.bad} failed` : ""}`),
            s("rect", { class: "hit", x: x - step * 0.16, y: 10, width: step, height: floor - 10 }),
                part(0, day.good, "good"), part(day.good, day.total, "bad"));
    };
    const dates = days.map((day, index) => (days.length - 1 - index) % 3 === 0
        && s("text", { ...(index === days.length - 1 ? { x: width, "text-anchor": "end" }
            : { x: 32 + index * step + step / 2, "text-anchor": "middle" }), y: height - 8 },
            dateName.format(day.date)));
    const lines = [0, top / 2, top].map((value) => [
        s("line", { x1: 28, x2: width, y1: y(value), y2: y(value) }),
            s("text", { x: 22, y: y(value) + 4, "text-anchor": "end" }, value)]);
    return h("figure", { class: "chart" },
        s("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, lines, days.map(bar), dates),
        h("table", { class: "visually-hidden" },
            h("thead", {}, h("tr", {}, ["Day", "Turns", "Failed"].map((text) => h("th", { scope: "col" }, text)))),
            h("tbody", {},
                days.map(
                    (day) => h(
                        "tr", {}, h("td", {}, dateName.format(day.date)), h("td", {}, day.total),
                        h("td", {}, day.bad))))));
}

/**
 * Names with a bar each, relative to the largest.
 *
 * @param {Array<{name: string, value: number, note: string}>} rows
 */
export function meterList(rows) {
    const most = Math.max(1, ...rows.map((row) => row.value));
    return h("ul", { class: "meters" }, rows.map((row) => h("li", {},
        h("span", { class: "meter-name" }, row.name), h("span", { class: "hint" }, row.note),
        s("svg", { viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
            s("rect", { class: "track", width: 100, height: 6 }),
                s("rect", { class: "good", width: Math.max(1, (row.value / most) * 100), height: 6 })))));
}

/**
 * How much of something is used, as a bar; what it says stands beside it as text.
 *
 * @param {number} share 1 and more for all of it
 * @param {"open"|"warning"|"exhausted"} state
 */
export const shareBar = (share, state) => s(
    "svg", { class: "share", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    s("rect", { class: "track", width: 100, height: 6 }),
    s("rect", { class: state === "open" ? "good" : state === "warning" ? "warn" : "bad",
        width: Math.min(100, Math.max(share > 0 ? 1 : 0, share * 100)), height: 6 }));

/** The next of 2, 4, 6, 8, 10, 20 … that is not below a value, so that its half is whole too. */
function niceTop(value) {
    let size = 1;
    for (;;) {
        for (const factor of [2, 4, 6, 8, 10]) if (value <= factor * size) return factor * size;
        size *= 10;
    }
}
