"""What a step computes as equations: in symbols, with the numbers of the step, and the result.

`of_unit` makes the equations from a trace, `parts` is what they are made of, `levels` lines up symbols, numbers and
result, `texts` writes them as text, LaTeX and Markdown. Only `of_unit` needs torch.
"""
