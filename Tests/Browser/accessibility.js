// Checks a page as it stands, shadow roots included; returns a list of faults in words.
const faults = [];
const roots = [document];
for (const root of roots) for (const element of root.querySelectorAll("*")) if (element.shadowRoot) roots.push(
    element.shadowRoot);
const everything = roots.flatMap((root) => [...root.querySelectorAll("*")]);
const visible = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })
    && element.getClientRects().length > 0;
const hiddenFromAll = (element) => element.closest("[aria-hidden='true']");
const label = (
    element) => `<${element.localName}${element.id ? `#${element.id}` : ""}${element.classList.length ? `.${[...element.classList].join(".")}` : ""}> ${element.textContent.trim().slice(0, 30)}`;
const fault = (what, element) => faults.push(`${what}: ${label(element)}`);

function nameOf(element) {
    const root = element.getRootNode();
    const by = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/)
        .map((id) => id && root.getElementById(id)?.textContent).filter(Boolean).join(" ");
    const own = [...element.childNodes].map((node) => node.nodeType === Node.TEXT_NODE ? node.data
        : node.localName === "img" ? node.alt : node.getAttribute?.("aria-hidden") === "true" ? "" : node.textContent
            ?? "").join(" ");
    return (by || element.getAttribute("aria-label") || [...(element.labels ?? [])].map((each) => each.textContent)
        .join(" ")
        || (["input", "select", "textarea"].includes(element.localName) ? "" : own) || element.title || "").trim();
}

// Names, roles, references.
const interactive = "a[href], button, input, select, textarea, summary, [role='button'], [role='option'], [role='dialog'], [role='listbox'], [tabindex='0']";
for (const element of everything.filter((each) => each.matches(interactive) && visible(each) && !hiddenFromAll(each))) {
    if (!nameOf(element) && !element.matches("pre, [role='log']")) fault("has no name", element);
    if (element.tabIndex > 0) fault("changes the order of focus", element);
    const box = element.getBoundingClientRect();
    const isInText = element.matches("a, summary") || element.type === "checkbox" || element.type === "radio";
    if (!isInText && element.matches("button, select, input, textarea") && (box.width < 24 || box.height < 24)) fault(
        `is only ${Math.round(box.width)} × ${Math.round(box.height)} px`, element);
}
for (const root of roots) {
    const ids = [...root.querySelectorAll("[id]")].map((each) => each.id);
    for (const id of new Set(ids)) if (ids.filter((each) => each === id).length > 1) faults.push(
        `the id ${id} is there twice`);
    for (const element of root.querySelectorAll(
        "[aria-controls], [aria-labelledby], [aria-describedby], [aria-activedescendant]")) {
        for (const name of ["aria-controls", "aria-labelledby", "aria-describedby", "aria-activedescendant"]) {
            for (const id of (element.getAttribute(name) ?? "").split(/\s+/).filter(Boolean)) if (
                !root.getElementById(id)) fault(`${name} names ${id}, which is not there`, element);
        }
    }
}
for (const image of everything.filter((each) => each.localName === "img")) if (!image.hasAttribute("alt")) fault(
    "has no alternative text", image);
for (const list of everything.filter((each) => each.matches("ul, ol"))) for (const child of list.children) if (
    child.localName !== "li") fault("is in a list without being an item", child);

// The page.
if (!document.documentElement.lang) faults.push("the page has no language");
if (!document.title) faults.push("the page has no title");
if (document.querySelectorAll("main").length !== 1) faults.push(
    `the page has ${document.querySelectorAll("main").length} main landmarks`);
const headings = [...document.querySelectorAll("h1, h2, h3, h4")].filter(visible)
    .map((each) => Number(each.localName[1]));
if (headings.filter((level) => level === 1).length !== 1) faults.push(
    `the page has ${headings.filter((level) => level === 1).length} headings of level 1`);

// Contrast of every visible text with what is behind it (WCAG 2.2, 1.4.3).
const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
    .getContext("2d", { willReadFrequently: true });
function rgba(text) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
}
const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);
const parentOf = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host ?? null;
function behind(element) {
    const layers = [];
    for (let each = element; each; each = parentOf(each)) {
        const colour = rgba(getComputedStyle(each).backgroundColor);
        if (colour[3] > 0) layers.push(colour);
        if (colour[3] === 1) break;
    }
    const base = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
    return layers.reverse().reduce((below, layer) => over(layer, below), base);
}
const light = (colour) => colour.slice(0, 3).map((value) => value / 255)
    .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
for (const element of everything) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!hasText || !visible(element)
        || element.closest(":disabled, .visually-hidden, .unseen, option, svg, noscript")) continue;
    const style = getComputedStyle(element);
    const below = behind(element);
    const text = over(rgba(style.color), below);
    const [a, b] = [light(text), light(below)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) fault(`contrast ${ratio.toFixed(2)}`, element);
}
return [...new Set(faults)];
