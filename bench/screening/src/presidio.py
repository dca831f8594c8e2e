"""Presidio's own recognisers, then the same with a deny list of the roll's names. The language model is the one that
spaCy has installed (en_core_web_sm); without one a blank English pipeline, which splits words and names nobody, so that
Presidio is measured at less work than it is usually put to. `engine` says which it was."""

import json
import resource
import sys
import time

import spacy
from presidio_analyzer import AnalyzerEngine, PatternRecognizer
from presidio_analyzer.nlp_engine import SpacyNlpEngine

given = json.load(sys.stdin)
posts, names = given["posts"], given["names"]

try:
    model, which = spacy.load("en_core_web_sm"), "en_core_web_sm"
except OSError:
    model, which = spacy.blank("en"), "no language model"


class Engine(SpacyNlpEngine):
    def __init__(self):
        super().__init__()
        self.nlp = {"en": model}

    def load(self):
        pass

    def is_loaded(self):
        return True


def measure(engine, analyzer, entities, ready, most):
    """At least a round of some posts, at most so many seconds."""
    analyzer.analyze(posts[0], "en", entities=entities)
    done = found = 0
    start = time.process_time()
    while time.process_time() - start < most:
        post = posts[done % len(posts)]
        results = analyzer.analyze(post, "en", entities=entities)
        if done < len(posts):
            found += any(r.entity_type in ("PUPIL", "PERSON") for r in results)
        done += 1
    took = time.process_time() - start
    print(json.dumps({
        "engine": engine, "a_second": done / took, "ready_ms": ready * 1000, "found": found,
        "memory_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }), flush=True)


start = time.process_time()
analyzer = AnalyzerEngine(nlp_engine=Engine(), supported_languages=["en"])
measure(f"Presidio, its own recognisers ({which})", analyzer, None, time.process_time() - start, 10)
start = time.process_time()
analyzer.registry.add_recognizer(PatternRecognizer("PUPIL", deny_list=names))
measure(f"Presidio, with the roll as a deny list ({which})", analyzer, None, time.process_time() - start, 30)
