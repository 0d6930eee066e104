"""Reads JSON on stdin: literals with their texts, and programs with the harmless one that they must be like.

Prints a JSON list of what is wrong.
"""

import ast
import json
import sys


def masked(source):
    """The program's tree and what stands in PROXY and URLS, which are masked in it."""
    tree = ast.parse(source)
    values = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in ("PROXY", "URLS"):
            values[node.targets[0].id] = ast.literal_eval(node.value)
            node.value = ast.Constant(None)
    return ast.dump(tree), values


task = json.load(sys.stdin)
wrong = []
tree = ast.parse("\n".join(f"_ = {literal}" for literal, _ in task["literals"]))
if len(tree.body) != len(task["literals"]):
    wrong.append("a literal is more than one statement")
for node, (literal, text) in zip(tree.body, task["literals"]):
    if not isinstance(node.value, ast.Constant) or node.value.value != text:
        wrong.append(f"python: {literal}")
for name, program, harmless, proxy, urls in task["programs"]:
    try:
        dump, values = masked(program)
    except SyntaxError as error:
        wrong.append(f"{name}: {error}")
        continue
    if dump != masked(harmless)[0] or values != {"PROXY": proxy, "URLS": urls}:
        wrong.append(f"{name}: {values}")
json.dump(wrong, sys.stdout)
