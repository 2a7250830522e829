"""What one entry of the catalogue may say about another: conditions, receivers, fees, documents, licence wording.

Each rule yields (name, where, message): the entry by "kind:key", the place inside it, what to mend. Entries that did
not load are in `known` but not in the catalogue; they were blamed already and are not blamed again.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from app.catalogue import fee_checks
from app.catalogue.addresses import AddressQuestion
from app.catalogue.agencies import ToDepartment, ToLocalAuthority
from app.catalogue.charges import Fee, Ordinance, OrdinanceFee
from app.catalogue.conditions import Condition, facts
from app.catalogue.fitting import looked_at, misfit, of_question
from app.catalogue.kinds import ChoiceQuestion, ComputedQuestion, Question
from app.catalogue.manual import ISSUING_WORDS
from app.catalogue.schema import Bundle, Catalogue, Service
from app.catalogue.sheets import Where
from app.catalogue.texts import placeholders
from app.catalogue.wording import words_used

Blame = tuple[str, Where, str]
Said = tuple[Where, str]
Asked = Mapping[str, Question]


def mistakes(catalogue: Catalogue, known: Collection[str]) -> Iterator[Blame]:
    """Every rule over every entry."""
    yield from _Rules(catalogue, known).all()


@dataclass(frozen=True)
class _Rules:
    catalogue: Catalogue
    known: Collection[str]

    def all(self) -> Iterator[Blame]:
        yield from self._agencies()
        for question in self.catalogue.questions.values():
            yield from ((f"question:{question.key}", where, said) for where, said in self._question(question))
        for ordinance in self.catalogue.ordinances.values():
            yield from ((f"ordinance:{ordinance.agency}", where, said) for where, said in self._ordinance(ordinance))
        for bundle in self.catalogue.bundles.values():
            yield from ((f"bundle:{bundle.key}", where, said) for where, said in self._bundle(bundle))
        for service in self.catalogue.services.values():
            asked = {question.key: question for question in service.questions}
            for rule in (
                self._asks,
                self._documents,
                self._limits,
                self._needs,
                self._receiver,
                self._fee,
                self._renewing,
                self._licence,
            ):
                yield from ((f"service:{service.slug}", where, said) for where, said in rule(service, asked))

    def _bundle(self, bundle: Bundle) -> Iterator[Said]:
        for place, slug in enumerate(bundle.services):
            service = self.catalogue.services.get(slug)
            if self._unknown("service", slug):
                yield ("services", place), f"there is no service {slug!r}"
            elif slug in bundle.services[:place]:
                yield ("services", place), f"the service {slug!r} stands twice"
            for limit in service.limits if service else ():
                if limit.instead in bundle.services[:place]:
                    said = f"the answers decide between {slug!r} and {limit.instead!r}: name one of them"
                    yield ("services", place), said

    def _unknown(self, kind: str, key: str) -> bool:
        return f"{kind}:{key}" not in self.known

    def _unasked(self, asked: Asked, key: str) -> bool:
        """Whether the service does not ask `key`; a question that did not load gets the benefit of the doubt."""
        return key not in asked and (key in self.catalogue.questions or self._unknown("question", key))

    def _agencies(self) -> Iterator[Blame]:
        claimed: dict[str, str] = {}
        for agency in self.catalogue.agencies.values():
            name, local = f"agency:{agency.code}", agency.kind == "local_authority"
            codes = [office.code for office in agency.offices]
            for place, office in enumerate(agency.offices):
                at: Where = ("offices", place)
                if codes.index(office.code) != place:
                    yield name, (*at, "code"), f"the office {office.code!r} stands twice"
                if local and not office.areas:
                    yield name, (*at, "areas"), "an office of a local authority names the areas it serves"
                for spot, slug in enumerate(office.services):
                    if self._unknown("service", slug):
                        yield name, (*at, "services", spot), f"there is no service {slug!r}"
                for spot, (area, slug) in enumerate(product(office.areas, office.services or ("",))):
                    mine = f"{agency.code} {office.code} {spot}"
                    owner = claimed.setdefault(f"{'' if local else agency.code} {area} {slug}", mine)
                    if owner != mine:
                        yield name, (*at, "areas"), f"{area} is already served by {owner.rpartition(' ')[0]}"

    def _question(self, question: Question) -> Iterator[Said]:
        for message in (*question.mistakes(), *of_question(question, self.catalogue.questions)):
            yield (), message
        if question.given and not isinstance(question, ChoiceQuestion):
            yield ("given",), f"what the portal gives is a choice; {question.key!r} is {question.kind}"
        order = self.catalogue.order
        for fact in facts(question.when):
            unknown = [key for key in fact.questions if self._unknown("question", key)]
            yield from ((("when",), f"there is no question {key!r}") for key in unknown)
            for key in fact.questions:
                if key not in unknown and order[f"question:{key}"] >= order[f"question:{question.key}"]:
                    yield ("when",), f"points at {key!r}, asked later: only earlier questions can decide"
                    break
            else:
                if not unknown and (message := misfit(fact, self.catalogue.questions)):
                    yield ("when",), message
        if isinstance(question, ComputedQuestion):
            for key in looked_at(question, self.catalogue.questions):
                if not self._unknown("question", key) and order[f"question:{key}"] >= order[f"question:{question.key}"]:
                    yield ("formula",), f"reckons with {key!r}, asked later: only earlier answers count"

    def _ordinance(self, ordinance: Ordinance) -> Iterator[Said]:
        agency = self.catalogue.agencies.get(ordinance.agency)
        if self._unknown("agency", ordinance.agency):
            yield ("agency",), f"there is no agency {ordinance.agency!r}"
        elif agency and agency.kind != "local_authority":
            yield ("agency",), "only a local authority has an ordinance"
        for slug, fee in ordinance.fees.items():
            at: Where = ("fees", slug)
            service = self.catalogue.services.get(slug)
            yield from ((at, message) for message in fee.mistakes())
            if service is None:
                if self._unknown("service", slug):
                    yield at, f"there is no service {slug!r}"
                continue
            yield from (((*at, "by"), said) for said in self._amount(service, fee))
            if not isinstance(service.fee, OrdinanceFee):
                yield at, f"the fee of {slug!r} is not set by ordinance"
            elif said := fee_checks.above_cap(fee, service.fee.cap):
                yield at, said

    def _amount(self, service: Service, fee: Fee) -> Iterator[str]:
        """What keeps a fee from being worked out for some answers."""
        asked = {question.key: question for question in service.questions}
        return fee_checks.mistakes(
            service, fee, lambda key: self._unasked({}, key), lambda when: self._condition(asked, when)
        )

    def _asks(self, service: Service, asked: Asked) -> Iterator[Said]:
        for question in service.questions:
            for key in looked_at(question, self.catalogue.questions):
                if self._unasked(asked, key):
                    yield ("asks",), f"asks {question.key!r} but not {key!r}, which decides if it is asked"
        if service.known_by and self._unasked(asked, service.known_by):
            yield ("known_by",), f"does not ask {service.known_by!r}"
        total = sum(step.n for step in service.steps)
        if {step.unit for step in service.steps} == {service.duration.unit} and total != service.duration.n:
            yield ("steps",), f"the steps add up to {total}, but the duration is {service.duration.n}"

    def _documents(self, service: Service, asked: Asked) -> Iterator[Said]:
        for use in service.documents:
            for condition in (use.when, use.document.waived_when):
                yield from ((("documents",), f"{use.key}: {said}") for said in self._condition(asked, condition))
            for key in sorted(use.document.prepared.named if use.document.prepared else ()):
                if self._unasked(asked, key):
                    yield ("documents",), f"{use.key}: its paper quotes {key!r}, which this service does not ask"
            for key in use.document.prepared.quotes if use.document.prepared else ():
                if self._unknown("question", key):
                    yield ("documents",), f"{use.key}: its paper lists {key!r}, but there is no such question"

    def _limits(self, service: Service, asked: Asked) -> Iterator[Said]:
        for place, limit in enumerate(service.limits):
            yield from ((("limits", place, "must"), said) for said in self._condition(asked, limit.must))
            if self._unasked(asked, limit.at):
                yield ("limits", place, "at"), f"does not ask {limit.at!r}"
            elif limit.at in asked and asked[limit.at].given:
                yield ("limits", place, "at"), f"{limit.at!r} is never shown: put the message beside a question that is"
            if limit.instead and self._unknown("service", limit.instead):
                yield ("limits", place, "instead"), f"there is no service {limit.instead!r}"
            other = self.catalogue.services.get(limit.instead or "")
            theirs = {question.key: question for question in other.questions} if other else {}
            for fact in facts(limit.must) if other else ():
                if self._unasked(theirs, fact.question):
                    said = f"{limit.instead!r} does not ask {fact.question!r}: whoever is led there could not come back"
                    yield ("limits", place, "instead"), said

    def _needs(self, service: Service, asked: Asked) -> Iterator[Said]:
        for place, need in enumerate(service.needs):
            yield from ((("needs", place, "when"), said) for said in self._condition(asked, need.when))
            for spot, slug in enumerate(need.services):
                at: Where = ("needs", place, "services", spot)
                if self._unknown("service", slug):
                    yield at, f"there is no service {slug!r}"
                elif slug == service.slug:
                    yield at, "a service cannot rest on itself"
                elif (other := self.catalogue.services.get(slug)) and other.licence is None:
                    yield at, f"{slug!r} ends without a licence: nothing can rest on it"

    def _condition(self, asked: Asked, condition: Condition | None) -> Iterator[str]:
        for fact in facts(condition):
            unasked = [key for key in fact.questions if self._unasked(asked, key)]
            yield from (f"depends on {key!r}, which this service does not ask" for key in unasked)
            if not unasked and (message := misfit(fact, self.catalogue.questions)):
                yield message

    def _receiver(self, service: Service, asked: Asked) -> Iterator[Said]:
        receiver = service.receiver
        if isinstance(receiver, ToDepartment):
            agency = self.catalogue.agencies.get(receiver.agency)
            if self._unknown("agency", receiver.agency):
                yield ("receiver", "agency"), f"there is no agency {receiver.agency!r}"
            elif agency and agency.kind != "department":
                yield ("receiver", "agency"), f"{receiver.agency!r} is a local authority: use kind local_authority"
        if receiver.by is None:
            return
        question = asked.get(receiver.by)
        if isinstance(question, AddressQuestion):
            if question.optional or question.when:
                yield ("receiver", "by"), f"{receiver.by!r} must always be answered: it decides who receives this"
        elif question is not None or self._unasked(asked, receiver.by):
            yield ("receiver", "by"), f"does not ask an address under {receiver.by!r}"
        if receiver.rather and not isinstance(asked.get(receiver.rather), AddressQuestion):
            yield ("receiver", "rather"), f"does not ask an address under {receiver.rather!r}"

    def _renewing(self, service: Service, asked: Asked) -> Iterator[Said]:
        del asked
        if (rule := service.renewing) is None:
            return
        if rule.fee is not None:
            yield from ((("renewing", "fee"), said) for said in rule.fee.mistakes())
            yield from ((("renewing", "fee", "by"), said) for said in self._amount(service, rule.fee))
        wanted = {use.key for use in service.documents}
        for place, key in enumerate(rule.fresh):
            if key not in wanted and not self._unknown("document", key):
                yield ("renewing", "fresh", place), f"the service does not ask for the document {key!r}"
            elif self._unknown("document", key):
                yield ("renewing", "fresh", place), f"there is no document {key!r}"

    def _fee(self, service: Service, asked: Asked) -> Iterator[Said]:
        del asked
        yield from ((("fee",), message) for message in service.fee.mistakes())
        yield from ((("fee", "by"), said) for said in self._amount(service, service.fee))
        if not isinstance(service.fee, OrdinanceFee):
            return
        if not isinstance(service.receiver, ToLocalAuthority):
            yield ("fee", "kind"), "only local authorities have ordinances: give the amount here"
            return
        for agency in self.catalogue.agencies.values():
            ordinance = self.catalogue.ordinances.get(agency.code)
            missing = (
                self._unknown("ordinance", agency.code) if ordinance is None else service.slug not in ordinance.fees
            )
            if agency.kind == "local_authority" and missing:
                yield ("fee",), f"authorities/{agency.code}.yaml gives no fee for it"

    def _licence(self, service: Service, asked: Asked) -> Iterator[Said]:
        block = service.licence
        if block is None:
            return
        for name in sorted(words_used(block) - ISSUING_WORDS):
            if self._unasked(asked, name):
                yield ("licence",), f"{{{name}}} is neither an answer of this service nor a word of the issuing room"
        said = {name for text in (*block.statement, *block.conditions) for name in placeholders(text.th + text.en)}
        for name in sorted(said & set(asked)):
            if asked[name].optional or asked[name].when:
                yield ("licence", "statement"), f"{{{name}}} is not always answered: give it a row of its own"
        elements = [row.xml for row in block.facts]
        for element in sorted({element for element in elements if elements.count(element) > 1}):
            yield ("licence", "facts"), f"the XML element {element!r} stands twice"
