let paths = null;

/**
 * Whether this server has a call, by its own document; what it lacks is not offered.
 *
 * @param {string} method
 * @param {string} path as the document writes it, such as `/api/conversations/{id}/control`
 * @returns {Promise<boolean>}
 */
export async function has(method, path) {
    paths ??= fetch("/api/openapi.json")
        .then((response) => (response.ok ? response.json() : {}))
        .then((spec) => spec.paths ?? {})
        .catch(() => {
            paths = null;
            return {};
        });
    return Boolean((await paths)[path]?.[method.toLowerCase()]);
}
