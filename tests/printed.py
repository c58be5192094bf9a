"""What no sentence may say, whatever it is about: numbers that contradict each other as printed."""

import re

NUMBER = r"([\d.]+)"
THINGS = "weights|units|networks|runs|digits|samples|gradients|patients|pairs"


def faults(sentence, config):
    """Yield what is wrong with the numbers of a sentence, said at these settings."""
    last = getattr(config, "steps", float("inf"))
    for part, whole in re.findall(r"(?<![\d.])(\d+) of (?:the |all )?(\d+)(?![\d.]*%)", sentence):
        if int(part) > int(whole):
            yield f"a part above its whole: {part} of {whole}"
    for low, high in re.findall(rf"between \**{NUMBER}%? and {NUMBER}%", sentence):
        if float(low) > float(high):
            yield f"an interval upside down: {low} to {high}"
    for share in re.findall(rf"(?<![−+\d.]){NUMBER}% of (?:the |its |all )?(?:{THINGS})", sentence):
        if float(share) > 100:
            yield f"more than the whole: {share}%"
    for step in re.findall(r"(?:after|before|at|by|around|until) \**step \**(\d+)", sentence):
        if int(step) > last:
            yield f"step {step} of {last}"
    if re.search(r"(?<![\de.])−0(?:\.0+)?(?![\d.])", sentence):
        yield "minus nothing"
