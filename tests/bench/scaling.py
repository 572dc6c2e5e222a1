"""What calls that are alive cost the others: tables and a plot for docs/performance.md."""

import math

from alternate import ROOT, json_of, median, table

COUNTS = (1, 1_000, 100_000, 1_000_000)
QUICK = (1, 1_000)
BUDGET = 1.3
PLOT = ROOT / "docs/images/scaling.svg"
LARGE = 1_000_000  # of which one round is enough, and takes minutes


def calls_alone(bench):
    """Memory and CPU of the calls alone, the libraries without a process around them: {alive: outcomes}."""
    counts = QUICK if bench.options.quick else COUNTS if bench.options.alive else COUNTS[:-1]
    runs = {alive: [] for alive in counts}
    for turn in range(min(3, bench.options.rounds)):
        for alive in counts:
            if turn == 0 or alive < LARGE:
                runs[alive].append(json_of([bench.options.build / "tests/bench/calls_bench", alive, bench.options.calls], bench.log))
    return runs


def whole_process(bench):
    """CPU per stanza of the same calls through the running program, with a journal, while others are alive."""
    runs = {alive: [] for alive in (QUICK if bench.options.quick else COUNTS)}
    for turn in range(min(3, bench.options.rounds)):
        for alive in runs:
            if turn == 0 or alive < LARGE:
                runs[alive].append(bench.play("Carillon", "--calls", bench.options.calls, "--alive", alive))
    return runs


def scaling_table(runs):
    first = median(runs[1], "cpu_us_per_stanza")
    rows = []
    for alive, rounds in runs.items():
        size, cpu = median(rounds, "bytes_per_call"), median(rounds, "cpu_us_per_stanza")
        rows.append([f"{alive:,}", f"{size:,.0f}" if alive > 100 else "-", f"{cpu:.2f}", f"{cpu / first:.2f}"])
    return table(["calls alive", "bytes per live call (budget 2,048)", "CPU us/stanza", f"x first (budget {BUDGET})"], rows)


WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 320, 60, 270, 30
COLOURS = ("#2b6cb0", "#c05621")
LINE = '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="1"{}/>'


def plot(series):
    """Writes the curves {name: runs} as an SVG: CPU per stanza, times that with one call, over the calls alive."""
    top = max(2.0, *(median(rounds, "cpu_us_per_stanza") / median(runs[1], "cpu_us_per_stanza") * 1.1
                     for runs in series.values() for rounds in runs.values()))

    def x(alive):
        return LEFT + math.log10(alive) * (WIDTH - LEFT - 20) / 6

    def y(ratio):
        return BOTTOM - ratio * (BOTTOM - TOP) / top

    def text(at_x, at_y, words, anchor="middle"):
        return f'<text x="{at_x:.0f}" y="{at_y:.0f}" text-anchor="{anchor}">{words}</text>'

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
             LINE.format(LEFT, BOTTOM, WIDTH - 20, BOTTOM, "#444", ""), LINE.format(LEFT, TOP, LEFT, BOTTOM, "#444", ""),
             LINE.format(LEFT, y(BUDGET), WIDTH - 20, y(BUDGET), "#c53030", ' stroke-dasharray="5 4"'),
             text(WIDTH - 22, y(BUDGET) - 5, f"budget {BUDGET}", "end"),
             text((LEFT + WIDTH) / 2, HEIGHT - 12, "calls alive"),
             text(LEFT - 50, TOP - 12, "CPU per stanza, times that with one call alive", "start")]
    parts += [text(x(10**power), BOTTOM + 18, f"{10**power:,}") for power in range(7)]
    parts += [text(LEFT - 8, y(step / 2) + 4, f"{step / 2:.1f}", "end") for step in range(int(top * 2) + 1)]
    for place, (name, runs) in enumerate(series.items()):
        first = median(runs[1], "cpu_us_per_stanza")
        points = [(x(alive), y(median(rounds, "cpu_us_per_stanza") / first)) for alive, rounds in runs.items()]
        path = " ".join(f"{across:.1f},{up:.1f}" for across, up in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[place]}" stroke-width="2"/>')
        parts += [f'<circle cx="{across:.1f}" cy="{up:.1f}" r="3" fill="{COLOURS[place]}"/>' for across, up in points]
        parts.append(f'<rect x="{LEFT + 12}" y="{TOP + 4 + 18 * place}" width="14" height="4" fill="{COLOURS[place]}"/>')
        parts.append(text(LEFT + 32, TOP + 10 + 18 * place, name, "start"))
    PLOT.write_text("\n".join([*parts, "</svg>"]) + "\n")
    print(f"plot: {PLOT}")
