/**
 * The Server-Sent Events of a response, parsed as the HTML standard says.
 *
 * @param {Response} response
 * @param {() => void} silent called when nothing, not even a comment, came for 45 seconds
 * @yields {{name: string, data: string, id: string|null}}
 */
export async function* events(response, silent) {
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    let event = blank(null);
    let timer;
    try {
        for (;;) {
            clearTimeout(timer);
            timer = setTimeout(silent, 45_000);
            const { done, value } = await reader.read();
            if (done) return;
            rest += decoder.decode(value, { stream: true });
            const lines = rest.split(/\r\n|\n|\r(?!$)/);
            rest = lines.pop();
            for (const line of lines) {
                if (line !== "") {
                    take(event, line);
                } else {
                    if (event.data.length) yield { name: event.name || "message", data: event.data.join("\n"),
                        id: event.id };
                    event = blank(event.id);
                }
            }
        }
    } finally {
        clearTimeout(timer);
        reader.cancel().catch(() => {});
    }
}

const blank = (id) => ({ name: "", data: [], id });

function take(event, line) {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const text = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") event.name = text;
    else if (field === "data") event.data.push(text);
    else if (field === "id" && !text.includes("\0")) event.id = text;
}
