"""Templates compiled for one language: what would be the same on every drawing is plain text before the first one.

A page of ours is mostly words that never change. Asking for each of them anew was half of what drawing cost. So, while
a template compiles, messages become their words, addresses of files and components whose arguments are known become
what they say, and tests of the language are decided. Values keep their places and are escaped as ever.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from app.core import i18n

_PLACE: Final = re.compile(r"%\((\w+)\)s")
KNOWN: Final = "woven"
"""Attribute of an environment: what may be called while compiling, by the name templates know it by."""


_SPECIAL: Final = re.compile("[&<>'\"]").search


def written(value: object) -> str:
    """A value as it stands in a page, escaped unless it is markup.

    What stands in a page is joined at once: it need not become markup before, which is most of what `escape` costs.
    """
    kind = type(value)
    if kind is Markup:
        return cast("str", value)
    if kind is str or kind is int:
        text = str(value)
        return escape(text) if _SPECIAL(text) else text
    return escape(value)


class Woven(CodeGenerator):
    """Jinja's compiler after the weaving."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        """Compile what is left to be decided."""
        woven = _Weaving(nodes.EvalContext(self.environment, self.name), getattr(self.environment, KNOWN))
        super().visit_Template(woven.visit(node), frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        """Let `written` write a value instead of Jinja's `escape`."""
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.written(")


class _Weaving(NodeTransformer):
    """Leaves first: a message is known before the component that says it."""

    def __init__(self, context: nodes.EvalContext, known: Mapping[str, Any]) -> None:
        self.context = context
        self.known = known

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            return node
        match node.node:
            case nodes.Name(name=name) if name in _MESSAGES:
                return self._message(name, node)
            case nodes.Name(name=name) if name in self.known:
                return self._answer(self.known[name], node)
            case nodes.Getattr(node=nodes.Name(name="ui"), attr=attr) if "ui" in self.known:
                return self._answer(getattr(self.known["ui"], attr), node)
        return node

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.CallBlock:  # noqa: N802 - Jinja's name
        """A component that is handed a body says something else every time."""
        self.generic_visit(node.call)
        node.body = [part for child in node.body for part in self.visit_list(child)]
        return node

    def visit_If(self, node: nodes.If) -> Any:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        holds = self._value(node.test)
        if holds is None or node.elif_:
            return node
        return node.body if holds[0] else node.else_

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802 - Jinja's name
        """The pieces of a sentence stand beside what is around it, so that neighbouring text becomes one."""
        self.generic_visit(node)
        node.nodes = [
            piece for child in node.nodes for piece in (child.nodes if isinstance(child, nodes.Concat) else (child,))
        ]
        return node

    def _value(self, node: nodes.Node) -> tuple[Any] | None:
        """What is known already, in a tuple, for it may be None; None while it is not."""
        if not isinstance(node, nodes.Expr):
            return None
        try:
            return (node.as_const(self.context),)
        except nodes.Impossible:
            return None

    def _answer(self, what: Any, node: nodes.Call) -> nodes.Expr:
        """What a component or a function says, when everything it is told is known."""
        args = [self._value(arg) for arg in node.args]
        kwargs = {pair.key: self._value(pair.value) for pair in node.kwargs}
        if None in args or None in kwargs.values():
            return node
        said = what(*(arg[0] for arg in args if arg), **{key: value[0] for key, value in kwargs.items() if value})
        return nodes.Const(said)

    def _message(self, name: str, node: nodes.Call) -> nodes.Expr:
        """A message in its words, with its values in their places."""
        said = [self._value(arg) for arg in node.args]
        values: dict[str, nodes.Expr] = {pair.key: pair.value for pair in node.kwargs}
        match name, said:
            case (("_" | "gettext"), [(str(message),)]):
                return _sentence(i18n.gettext(message), values) or node
            case "pgettext", [(str(context),), (str(message),)]:
                return _sentence(i18n.pgettext(context, message), values) or node
            case "ngettext", [(str(one),), (str(many),), _]:
                return self._counted(i18n.ngettext(one, many, 1), i18n.ngettext(one, many, 2), values, node)
        return node

    def _counted(self, one: str, many: str, values: dict[str, nodes.Expr], node: nodes.Call) -> nodes.Expr:
        count = node.args[2]
        singular, plural = (_sentence(text, {"num": count, **values}) for text in (one, many))
        if singular is None or plural is None:
            return node
        if one == many:
            return plural
        return nodes.CondExpr(nodes.Compare(count, [nodes.Operand("eq", nodes.Const(1))]), singular, plural)


_MESSAGES: Final = frozenset({"_", "gettext", "pgettext", "ngettext"})


def _sentence(text: str, values: Mapping[str, nodes.Expr]) -> nodes.Expr | None:
    """Our words, in which %(name)s are values and %% is a percent sign; None for anything else in it."""
    pieces = _PLACE.split(text)
    if "%" in "".join(pieces[::2]).replace("%%", "") or not values.keys() >= set(pieces[1::2]):
        return None
    found: list[nodes.Expr] = []
    for n, piece in enumerate(pieces):
        if n % 2:
            found.append(values[piece])
        elif piece or not n:
            found.append(nodes.Const(Markup(piece.replace("%%", "%"))))  # noqa: S704 - our words
    return found[0] if len(found) == 1 else nodes.Concat(found)
