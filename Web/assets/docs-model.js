const methods = ["get", "post", "put", "patch", "delete"];

/**
 * The operations of an OpenAPI document in chapters, in the document's order of tags.
 *
 * @param {object} spec the document
 * @returns {Array<{name: string, description: string|undefined, operations: Array<object>}>}
 */
export function chapters(spec) {
    const order = (spec.tags ?? []).map((tag) => ({ name: tag.name, description: tag.description, operations: [] }));
    const byName = new Map(order.map((chapter) => [chapter.name, chapter]));
    for (const operation of operations(spec)) {
        const name = operation.tags?.[0] ?? "Other";
        if (!byName.has(name)) {
            const chapter = { name, operations: [] };
            byName.set(name, chapter);
            order.push(chapter);
        }
        byName.get(name).operations.push(operation);
    }
    return order.filter((chapter) => chapter.operations.length > 0);
}

/**
 * What a `$ref` stands for; anything else is itself.
 *
 * @param {object} spec the document
 * @param {object} value
 */
export function resolve(spec, value) {
    let found = value;
    for (let hops = 0; found?.$ref && hops < 16; hops += 1) {
        const names = found.$ref.replace(/^#\//, "").split("/")
            .map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"));
        found = names.reduce((node, name) => node?.[name], spec);
    }
    return found ?? {};
}

/** The last word of a `$ref`, which names the shape. */
export const nameOf = (value) => value?.$ref?.split("/").pop();

function* operations(spec) {
    for (const [path, item] of Object.entries(spec.paths ?? {})) {
        for (const method of methods) {
            if (!item[method]) continue;
            const operation = item[method];
            yield {
                ...operation,
                method,
                path,
                id: operation.operationId ?? `${method}${path.replace(/[^a-zA-Z0-9]+/g, "-")}`,
                parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])]
                    .map((each) => resolve(spec, each)),
                security: operation.security ?? spec.security ?? [],
            };
        }
    }
}
