"""Two conversations of our own making, for the demo and the tests, with questions and where their answers stand.

`ana_and_tom.txt` is a transcript of two friends over eight months, `assistant.jsonl` the messages of a librarian and
her assistant. People in them move and tell it late, change jobs and tastes, correct a birthday, call off a journey.
`questions.json` names for each question the sources (file and line) that hold its evidence. All names are invented.
"""
