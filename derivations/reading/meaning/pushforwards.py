"""Densities of a function of another variable: z = f(x), the output of a generator or of a flow."""

from __future__ import annotations

from derivations.reading.meaning.flows import Flow, Flows
from derivations.reading.names import letter_of
from derivations.reading.scope import Map
from proofs.records import Space


class Pushforwards(Flows):
    """The part of the Elaborator that knows laws of images."""

    def ends(self) -> list[tuple[str, str]]:
        """(input, output) variables of the maps in force."""
        return [(m.input, m.output) for m in self.view.maps if m.bijection]

    def mapped_letter(self, letter: str, outcomes: list[str], givens: list[str]) -> str | None:
        """Where z = f(x) is declared, p(x) and p(z) are two densities under one letter.

        Only in a relation that takes the letter of one variable at a time, and speaks of the map or of both variables.
        """
        if len(outcomes) != 1 or givens:
            return None
        if self.flow is not None:
            return self.letter_of_state(letter, outcomes[0], self.flow)
        signatures = self.usage.signatures_of(letter)
        alone = {others[0] for others, given in signatures if len(others) == 1 and not given}
        here = self.relation_usage.signatures_of(letter)
        if any(len(others) > 1 or given for others, given in here):
            return None
        written = {others[0] for others, _ in here}
        keys = {self.density_key(head) for head, _, _ in self.applied_densities}
        for first, last in self.ends():
            if (
                outcomes[0] in (first, last)
                and {f"{letter}_{first}", f"{letter}_{last}"} - {f"{letter}_{outcomes[0]}"} <= keys
            ):
                return f"{letter}_{outcomes[0]}"  # q(z) beside q_y(y)
            both = first != letter_of(last) and {first, last} <= written
            is_about_map = both or self.mentions_map(first, last)
            if outcomes[0] in (first, last) and {letter_of(first), letter_of(last)} <= alone and is_about_map:
                return f"{letter}_{outcomes[0]}"
        return None

    def mentions_map(self, first: str, last: str) -> bool:
        """Whether the relation applies a map between two variables, or takes a determinant."""
        functions = {m.function for m in self.view.maps if (m.input, m.output) == (first, last)}
        names = {head.base for head in self.heads_written()}
        return bool(functions & names) or "det" in names

    def push(self, letter: str, outcomes: tuple[str, ...]) -> None:
        """Gathers that a density is that of a function of another variable."""
        if len(outcomes) != 1 or letter in self.gathered.pushforwards:
            return
        outcome = outcomes[0]
        if self.push_flow(letter, outcome) or self.push_map(letter, outcome):
            return
        if not any(s.letter == letter and s.outcome == outcome for s in self.view.reparameterisations):
            self.push_generator(letter)

    def push_map(self, letter: str, outcome: str) -> bool:
        """z = f(x): the density of z is that of f(x).  Of several maps to z that from a variable of this relation
        counts, then the latest."""
        found = [(m, self.source_of(m, letter)) for m in reversed(self.view.maps) if m.output == outcome]
        sources = [(m, source) for m, source in found if source is not None]
        if not sources:
            return False
        here = {self.density_key(head) for head, _, _ in self.applied_densities}
        m, source = next(((m, source) for m, source in sources if source in here), sources[0])
        self.gathered.pushforwards[letter] = (m.function, source, m.input)
        self.gathered.families.setdefault(source, set()).add(m.input)
        self.push(source, (m.input,))
        if m.densities is not None:
            self.gathered.note(f"{m.output} = {m.function}({m.input}), as the line itself says")
        return True

    def source_of(self, m: Map, letter: str) -> str | None:
        """The letter of the density of a map's input, where the letter is that of its output."""
        if m.densities is not None:
            return m.densities[1] if m.densities[0] == letter else None
        return f"{letter[: -len(m.output)]}{m.input}" if letter.endswith(f"_{m.output}") else None

    def push_generator(self, letter: str) -> None:
        """p_g is the law of G(z), z ~ p_z, by the conventions for the label of the letter."""
        letters = [letter, *(a for a, b in self.view.equal_families.items() if b == letter)]
        labels = [name.split("_", 1)[1] for name in letters if "_" in name]
        for generator in [g for label in labels for g in self.conventions.generated.get(label, ())]:
            for noise in self.usage.call_arguments.get(generator, {}):
                if noise in self.conventions.noise and self.mentions_call(generator):
                    own = f"p_{noise}"
                    source = own if any(k.lower() == own for k in self.usage.counts) else "p"
                    self.gathered.pushforwards[letter] = (generator, source, noise)
                    self.gathered.families.setdefault(source, set()).add(noise)
                    self.declare_own_space(noise)
                    self.gathered.note(f"{letter} is the law of {generator}({noise}), {noise} ~ {source}")
                    return

    # ------------------------------------------------------------------------------------------ flows

    def letter_of_state(self, letter: str, space: str, flow: Flow) -> str | None:
        """The letter of the density of one state, where the relation has densities of several under one letter."""
        numbers = {n for _, n in self.densities_of_states(flow)}
        spaces = {self.state_space(flow, n) for n in numbers}
        named = [self.density_at(flow, n) for n in numbers]
        shares = [found for found in named if found is not None and found[0] == letter]
        return f"{letter}_{space}" if space in spaces and len(shares) > 1 else None

    def push_flow(self, letter: str, outcome: str) -> bool:
        """Gathers that a density is that of a later state of a flow; the first state's density is another one here."""
        flow = self.flow
        if flow is None:
            return False
        taken = sorted({n for _, n in self.densities_of_states(flow)})
        number = next((n for n in taken if n > flow.base and self.state_space(flow, n) == outcome), None)
        source = self.density_at(flow, flow.base)
        if number is None or source is None:
            return False
        space = source[1]
        previous = self.letter_of_state(source[0], space, flow) or source[0]
        sort = self.flow_sort(flow)
        self.gathered.spaces.setdefault(space, Space(sort, False, False))
        for k in range(flow.base + 1, number + 1):
            name = letter if k == number else f"{letter} after layer {k}"
            target = outcome if k == number else f"{outcome} {k}"
            self.gathered.pushforwards[name] = (self.layer_name(flow, k), previous, space)
            self.gathered.families.setdefault(name, set()).add(target)
            self.gathered.families.setdefault(previous, set()).add(space)
            self.gathered.spaces[target] = Space(sort, False, False)
            previous, space = name, target
        return True
