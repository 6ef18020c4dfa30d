"""The catalogue of findings: what `nandplan check` can say of a config, by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ERROR, WARNING, NOTE = "error", "warning", "note"
FORM, CONSISTENCY, FEASIBILITY = "form", "consistency", "feasibility"
LEVELS = (FORM, CONSISTENCY, FEASIBILITY)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding: its sentence, and the edit that usually mends it.

    `stops`: the file cannot be read as a config at all.
    """

    id: str
    level: str
    severity: str
    sentence: str
    hint: str
    stops: bool = False


def _kinds(level: str, severity: str, text: str, *, stops: bool = False) -> tuple[Kind, ...]:
    """Kinds out of lines `id | sentence | hint`."""
    rows = (line.split(" | ") for line in text.strip().splitlines())
    return tuple(Kind(id.strip(), level, severity, said.strip(), hint.strip(), stops) for id, said, hint in rows)


_UNREADABLE = _kinds(
    FORM,
    ERROR,
    """
    no-such-file | There is no file of that name. | give the path of a config
    unreadable-file | The file cannot be read from the disk. | give a file that may be read
    not-utf-8 | The bytes of the file are not UTF-8. | save the file as UTF-8
    too-large | The file has more bytes or values than a config may have. | take out what is not needed
    empty-file | There is nothing in the file. | begin with the shipped config: nandplan config > config.yaml
    no-config | The top of the file is not a mapping. | write the keys of a config at the left margin
    not-yaml | The text breaks the rules of YAML. | close the bracket or quote that is open, or mend the indentation
    too-deep | Values are nested too deeply, or an alias stands inside itself. | write the value out, flat
    aliases-explode | Aliases unfold to more values than a config may have. | write the values out
    """,
    stops=True,
)

_TEXT = _kinds(
    FORM,
    ERROR,
    """
    control-character | A character that YAML does not allow stands in the text. | remove the character
    tab | A line is indented with a tab. | indent with spaces
    tag | A tag stands before a value; tags mean nothing here. | remove the tag
    key-of-many | A key is a list or a mapping. | make the key one word
    key-twice | A key stands twice in one mapping. | remove one of the two
    merge-key | Entries are merged in with <<. | write the entries out
    """,
)

_TYPES = _kinds(
    FORM,
    ERROR,
    """
    key-missing | A key that is required is not there. | add the key
    empty-section | A section has no entries. | add an entry
    not-a-mapping | A value is not a mapping. | write key: value pairs
    not-a-list | A value is not a list. | put it into square brackets
    not-a-name | A value is not the name of anything. | write a name; quote it if YAML reads it as something else
    not-a-text | A value is not a text. | quote it
    not-a-truth | A value is neither true nor false. | write true or false
    not-a-number | A value is not a decimal number. | write a number such as 25.0
    not-a-whole-number | A value is not a whole number. | write a whole number
    not-finite | A number is infinite, or not a number. | write a finite number
    quoted-number | A number stands in quotes, which makes it a text. | remove the quotes
    time-word | A value has the form of a time or a date, which YAML readers turn into other numbers. | write us
    octal | A number begins with a 0, which some YAML readers take as octal. | remove the leading 0
    grouped-number | The digits of a number are grouped, or its decimals begin with a comma. | write digits and a point
    unit-in-number | A unit stands behind a number. | write the bare number, in us
    negative-time | A time is negative. | remove the sign
    time-too-long | A time is longer than a config may have. | write less
    time-too-fine | A time has more decimals than the program counts. | round it
    out-of-range | A number is out of its range. | write a number of the range
    unknown-value | A value is none of those that its key takes. | take one of them
    no-states | A base has no states. | add states: {ISSUE: {bus: true}}
    not-a-state-item | An item of a list of states is no state. | write one state per item
    state-order | The states of a base come in no known order. | order them: ISSUE, CORE_BUSY, DATA_OUT or DATA_IN
    not-one-entry | An item of a list is not a single key with its value. | write one key per item
    no-steps | A chain has no steps. | add sequences: [{BASE: [inherit rules]}]
    not-a-step | An item of a chain is not a single base with its inherit rules. | write one base per item
    not-a-group | An exclusion group is neither a list of bases nor {allow: ...} nor {forbid: ...}. | write one of them
    not-a-state | A key that should be BASE.STATE has no dot. | write BASE.STATE or BASE.END
    bad-block-file | The file of bad blocks cannot be read. | mend the path, or write null
    bad-block-row | A row of the file of bad blocks is wrong. | write die,block
    """,
)

_WORDS = _kinds(
    FORM,
    WARNING,
    """
    unknown-key | Nothing reads this key. | rename or remove it
    other-truth | A bare word is a truth value to some YAML readers only. | write true or false, or quote it
    bare-time | A bare word is a time or a date to some YAML readers only. | quote it
    item-twice | A name stands twice in one list. | remove one of the two
    """,
) + _kinds(
    FORM,
    NOTE,
    """
    older-key | A key of older configs has no effect any more. | remove it
    duration-of-a-base | Durations given with a base have no effect. | give them with the op_names
    """,
)

_NAMES = _kinds(
    CONSISTENCY,
    ERROR,
    """
    unknown-base | A base is named that op_bases does not define. | take the nearest name, or define it
    unknown-op-name | An op_name is named that op_names does not define. | take the nearest name, or define it
    unknown-celltype | A celltype is named that celltypes does not list. | take the nearest name, or list it
    unknown-group | A group is named that exclusion_groups does not define. | take the nearest name, or define it
    unknown-state | A state is named that there is not. | take the nearest name
    unknown-follower | What should follow is neither a base nor a chain. | take the nearest name, or define it
    unknown-weight | A weight is given to what is neither a base nor an op_name. | take the nearest name
    unknown-inherit-rule | A rule of inheritance is named that there is not. | take the nearest name
    unknown-payload-field | A payload field is named that there is not. | take the nearest name
    no-payload | A base has no entry in payload_by_op_base. | add BASE: [fields], [] for none
    payload-gap | A payload names a part of an address without the part above it. | add the part above it
    no-address | A base that works on a page does not name it. | name die, plane, block, page, celltype
    no-duration | An op_name lacks the duration of a state of its base. | add the duration
    celltype-twice | A celltype is listed twice. | remove one of the two
    blocks-uneven | The blocks of a die are not a multiple of its planes. | take the next multiple
    too-many-blocks | The device has more blocks than the program counts. | take fewer
    chain-contradiction | The inherit rules of one follower cannot all hold. | keep one of them
    weights-all-zero | Weights switch everything off. | leave a weight above 0
    """,
)

_DOUBTS = _kinds(
    CONSISTENCY,
    WARNING,
    """
    duration-of-no-state | A duration is given for a state that the base does not have. | remove it
    state-of-no-base | An entry is made for a state that the base does not have. | remove it
    state-forbids-nothing | A state that can occur has no entry in the exclusions. | add one, [] for none
    table-without-state | A latch, cache, suspend or ODT state that can occur has no entry. | add one, [] for none
    inherit-of-nothing | Inherit rules are given for what never follows. | remove them, or give it a weight
    multi-without-planes | A multi-plane op_name is of a base that names no plane. | take multi away
    no-celltype | An op_name that works on pages has no celltype. | add celltype
    maxplanes-too-many | maxplanes is more than a die has planes. | take the planes of a die
    group-unused | No state relies on a group. | remove it, or name it where it belongs
    group-empty | States rely on a group that names no base. | name its bases
    celltype-unused | No op_name has a celltype. | remove it from the list
    chain-unused | No base names a chain. | remove it, or name it in a sequence
    step-never-sent | A step or follower is of a base that no op_name has. | add an op_name of the base
    step-names-differ | No op_name of a step has the celltype and planes that it has to inherit. | add such an op_name
    inherit-out-of-place | An inherit rule asks for what there is not at this place. | take another rule
    weight-of-other-base | A weight within a base names an op_name of another base. | move it to its base
    weights-not-one | Weights of what follows do not add up to 1. | make them add up to 1
    weights-leave-nothing | Weights add up to more than 1, so that what is not named is never sent. | make them less
    state-switched-off | Nothing may be sent in a state. | name what may
    follower-switched-off | What must follow is never sent, since its weight is 0. | give it a weight
    weight-forbidden | A weight is given to what the groups of the state forbid. | remove it
    op-id-twice | Two op_names have the same number for the tester. | give each its own
    op-id-missing | Some op_names have a number for the tester, this one has none. | add one
    bootstrap-too-much | The bootstrap wants more than the topology has. | want less
    bootstrap-order | The bootstrap programs more than it erases, or reads more than it programs. | want less
    bootstrap-celltype | The bootstrap erases blocks of a celltype that cannot be erased or programmed. | take another
    absent-lun | A LUN status read is for a die that the device does not have. | remove it, or add the die
    outlier-multi | multi contradicts the op_names that are otherwise alike. | make it as theirs
    outlier-celltype | The celltype contradicts the op_names that are otherwise alike. | make it as theirs
    outlier-duration | A duration is far from those of the op_names that are otherwise alike. | check its digits
    outlier-bus | A base does not issue on the bus, though all others do. | write {ISSUE: {bus: true}}
    program-not-listed | A base that writes pages is not in program_base_whitelist. | list it
    listed-not-program | A base in program_base_whitelist writes no page, or cannot be suspended. | take it off the list
    single-not-a-plane | A base of single_single_allowed_bases takes its whole die. | take it off the list
    guard-too-high | read_offset_guard is not less than the pages of a block. | make it less
    policy-too-long | One waiting time of the policies makes another one pointless. | make it shorter
    """,
) + _kinds(
    CONSISTENCY,
    NOTE,
    """
    base-never-sent | No op_name has a base. | add an op_name, or remove the base
    """,
)

_FEASIBILITY = _kinds(
    FEASIBILITY,
    ERROR,
    """
    trap | A state of a plane or die can be reached and never be left. | allow what closes what is open
    chain-stuck | A chain can never be completed. | allow its next step where it has to come
    nothing-possible | No operation at all can be issued. | allow something on an unused plane
    """,
) + _kinds(
    FEASIBILITY,
    WARNING,
    """
    read-of-nothing | A read is of a celltype that nothing programs. | add a program of the celltype, or remove the read
    written-not-read | Pages can be programmed in a celltype, and no read has it. | add a read of the celltype
    erased-not-written | Blocks can be erased in a celltype, and no program has it. | add a program of the celltype
    never-issued | An op_name can never be issued. | give what it needs
    base-never-issued | No op_name of a base can ever be issued. | allow it in a state that can occur
    state-never-reached | A state of a base can never occur. | allow what leads there
    reset-only | A state can be left by a RESET only. | allow what closes what is open
    never-completed | No op_name of its celltype and planes can end what an op_name begins. | add that op_name
    bus-overload | The wanted operations need more of the bus than there is. | want shorter ones more often
    state-overload | What is wanted in a state takes longer on the bus than the state lasts. | want shorter ones there
    """,
)

CATALOGUE = _UNREADABLE + _TEXT + _TYPES + _WORDS + _NAMES + _DOUBTS + _FEASIBILITY
"""All kinds, in the order of the page."""

BY_ID: Mapping[str, Kind] = {kind.id: kind for kind in CATALOGUE}
