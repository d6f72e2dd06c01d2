const failures = new Set(["failed", "dead", "expired"]);

/** Whether a turn ended badly. */
export const isFailed = (log) => failures.has(log.state) || Boolean(log.error);

/**
 * A value that `share` of the others do not exceed.
 *
 * @param {number[]} values
 * @param {number} share 0 to 1
 */
export function quantile(values, share) {
    if (values.length === 0) return 0;
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Sums over turns. */
export function totals(logs) {
    const latencies = logs.map((log) => log.latencyMs ?? 0);
    const sum = (name) => logs.reduce((total, log) => total + (log[name] ?? 0), 0);
    return {
        turns: logs.length, failed: logs.filter(isFailed).length, tokens: sum("promptTokens") + sum("completionTokens"),
        costMicros: sum("costMicros"), median: quantile(latencies, 0.5), slow: quantile(latencies, 0.95),
    };
}

/** Turns of each of the last days, the oldest first; days without one too. */
export function byDay(logs, days) {
    const result = [];
    for (let back = days - 1; back >= 0; back -= 1) {
        const date = new Date(Date.now() - back * 86_400_000);
        const those = logs.filter((log) => new Date(log.createdAt).toDateString() === date.toDateString());
        const failed = those.filter(isFailed).length;
        result.push({ date, total: those.length, good: those.length - failed, bad: failed });
    }
    return result;
}

/** Turns of each agent, the busiest first. */
export function byAgent(logs) {
    const groups = Map.groupBy ? Map.groupBy(logs, (log) => log.agent) : grouped(logs);
    return [...groups]
        .map(([agent, those]) => (
            { agent, turns: those.length, median: quantile(those.map((log) => log.latencyMs ?? 0), 0.5) }))
        .sort((a, b) => b.turns - a.turns);
}

function grouped(logs) {
    const groups = new Map();
    for (const log of logs) groups.set(log.agent, [...(groups.get(log.agent) ?? []), log]);
    return groups;
}
