"""Measuring: tasks that load real data, the runner that asks a recipe their questions, and what is written down of it.

tasks/         one benchmark a file: cases of events, and questions with their gold sources
run            task x recipe -> one JSON line in the results folder, through the front door only
references     BM25, the bare embedder and their fusions on the same events, in the same run
measure        rankings -> recall, NDCG, MRR, AUROC with bootstrap intervals; lines -> verdicts on the targets
embedding      keeps vectors between runs and knows how long embedding took
speed          rates, latencies, bytes and growth on chat turns made here
targets.json   the numbers to reach
"""
