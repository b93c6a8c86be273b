"""Result sheets and recapitulations: every copy kept, every check made, every difference shown.

Takes sheets (C.Hasil) and recaps (D.Hasil) from files and the gate, stations from the registry.
Gives failed checks ranked by votes at stake, coverage and differences by area, the CSV of all copies, and what a
person should look at as a report without a figure.
Never edits a figure that came in, never decides which copy is true, never shows a count to the police.
"""
