"""Milliseconds from start to window on screen, for xinheng and for gtk4-widget-factory, in turns on one display."""
import json
import os
import statistics
import subprocess
import sys
import tempfile

ROUNDS = 9


def measure(starter, command, env):
    return float(subprocess.run([starter, *command], env=env, check=True, capture_output=True, text=True).stdout)


def main():
    starter, root = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as data:
        env = dict(os.environ, GSK_RENDERER="cairo", GSETTINGS_BACKEND="memory", HOME=data,
                   XDG_DATA_DIRS=f"{root}/share:/usr/local/share:/usr/share")
        ours = [f"{root}/bin/xinheng", "--server", "http://127.0.0.1:9", "--data", data]
        theirs = ["gtk4-widget-factory"]
        samples = {"ours": [], "theirs": []}
        for _ in range(ROUNDS):
            samples["theirs"].append(measure(starter, theirs, env))
            samples["ours"].append(measure(starter, ours, env))
    value, floor = (statistics.median(samples[k][1:]) for k in ("ours", "theirs"))
    print(json.dumps({"name": "window-start", "value": round(value / floor, 3), "unit": "ratio", "n": ROUNDS - 1,
                      "floor": 1, "floor_is": "gtk4-widget-factory on the same display", "ratio": round(value / floor, 3),
                      "xinheng_ms": round(value, 1), "widget_factory_ms": round(floor, 1)}))


main()
