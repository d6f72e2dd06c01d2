"""Results as one table, what was to be reached, and the comparison with an earlier run."""
import statistics

# Which row of the limits each work is measured against.
LIMIT_OF = {"post": ("hummingbird", "constant"), "etag": ("hummingbird", "constant"), "get": ("hummingbird", "page")}


def medians(rows):
    """One row for each target, work and number of connections: medians over the repeats."""
    groups = {}
    for row in rows:
        groups.setdefault((row["work"], row["connections"], row["target"]), []).append(row)
    result = {}
    for key, same in groups.items():
        result[key] = {name: statistics.median(row[name] for row in same)
                       for name in ("rate", "p50", "p99", "server", "all", "memory")}
        result[key]["range"] = (min(row["rate"] for row in same), max(row["rate"] for row in same))
        result[key]["errors"] = sum(row["errors"] for row in same)
        result[key]["repeats"] = len(same)
    return result


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def limit_of(found, work, connections):
    target, name = LIMIT_OF.get(work, (None, None))
    return found.get((name, connections, target))


def lines(found):
    """The table in Markdown."""
    yield ("| work | conn. | target | requests/s (range) | p50 ms | p99 ms | µs server | µs all | MiB "
           "| Switchboard : it, requests/s | µs : limit's |")
    yield "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    works = list(dict.fromkeys(work for work, _, _ in found))
    for work in works:
        for connections in sorted({c for w, c, _ in found if w == work}):
            ours = found.get((work, connections, "switchboard"))
            for (w, c, target), row in sorted(found.items(), key=lambda item: -item[1]["rate"]):
                if (w, c) != (work, connections):
                    continue
                limit = limit_of(found, work, connections)
                ratio = number(ours["rate"] / row["rate"]) if ours and row is not ours and row["rate"] else ""
                times = number(row["server"] / limit["server"]) if limit and limit["server"] else ""
                error = f" ({row['errors']:.0f} errors)" if row["errors"] else ""
                yield (f"| {work} | {connections} | {target}{error} | {number(row['rate'])} ({number(row['range'][0])}–"
                       f"{number(row['range'][1])}) | {number(row['p50'])} | {number(row['p99'])} | {number(row['server'])} "
                       f"| {number(row['all'])} | {number(row['memory'])} | {ratio} | {times} |")


def aims(found, top=64):
    """What issue 5 asks for, what was measured, and whether it is reached."""
    ours = lambda work, c=top: found.get((work, c, "switchboard"))
    limit = lambda work, c=top: limit_of(found, work, c)

    def best(work, suffix):
        rates = [row["rate"] for (w, c, t), row in found.items() if w == work and c == top and t.endswith(suffix)]
        return max(rates, default=None)

    def aim(text, value, bound, at_least):
        if value is None:
            return (text, None, bound, None)
        return (text, value, bound, value >= bound if at_least else value <= bound)

    def over(work, other):
        return ours(work)["rate"] / other if ours(work) and other else None

    def cost(work):
        return ours(work)["server"] / limit(work)["server"] if ours(work) and limit(work) and limit(work)["server"] else None

    result = [
        aim("POST, requests/s over the best peer at equal durability", over("post", best("post", "durable")), 3, True),
        aim("POST, requests/s over the best peer at w:1", over("post", best("post", "w:1")), 2, True),
        aim("POST, processor time over Hummingbird's constant", cost("post"), 3, False),
        aim("GET last 50, requests/s over the best peer", over("get", best("get", "w:1")), 4, True),
        aim("GET last 50, processor time over Hummingbird's same bytes", cost("get"), 2, False),
        aim("GET with a matching ETag, processor time over the constant", cost("etag"), 1.3, False),
    ]
    for (work, _, target), row in found.items():
        if work == "post at half the peak" and target == "switchboard":
            result.append(aim("POST at half the peak, p99 over p50", row["p99"] / row["p50"], 3, False))
    loaded = [row["memory"] for (_, _, target), row in found.items() if target == "switchboard"]
    result.append(aim("memory of the server process under load, MiB", max(loaded, default=None), 150, False))
    return result


def aim_lines(found):
    yield "| aim | bound | measured | reached |"
    yield "| --- | ---: | ---: | --- |"
    for text, value, bound, reached in aims(found):
        measured = "not measured" if value is None else number(value)
        yield f"| {text} | {number(bound)} | {measured} | {'' if reached is None else 'yes' if reached else 'no'} |"


def regressions(found, before, tolerance=0.15):
    """What became worse by more than the tolerance. Requests a second say nothing over two runs on a shared machine:
    compared is the processor time, as a multiple of the limit's where there is one."""
    old = {(row["work"], row["connections"], row["target"]): row for row in before["medians"]}
    for (work, connections, target), row in found.items():
        known = old.get((work, connections, target))
        if target != "switchboard" or not known:
            continue
        now, then = row["server"], known["server"]
        limit = limit_of(found, work, connections)
        old_limit = old.get((LIMIT_OF[work][1], connections, LIMIT_OF[work][0])) if work in LIMIT_OF else None
        unit = "µs"
        if limit and old_limit and limit["server"] and old_limit["server"]:
            now, then, unit = now / limit["server"], then / old_limit["server"], "× the limit"
        if then and now > then * (1 + tolerance):
            yield f"{work}, {connections} connections: {number(now)} {unit}, it was {number(then)}"
        if row["memory"] > known["memory"] * (1 + tolerance) + 10:
            yield f"{work}, {connections} connections: {number(row['memory'])} MiB, it was {number(known['memory'])}"
