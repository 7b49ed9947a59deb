"""The name of a request's kind, as `mailorder read` prints it and the books keep it."""

from typing import assert_never

from daemon.request.shapes import (
    Ask,
    Automatic,
    Bounced,
    CancelOrder,
    ForPerson,
    PlaceOrder,
    Request,
    Several,
    Unclear,
    Unreadable,
    Yes,
)


def kind_of(request: Request) -> str:
    match request:
        case PlaceOrder():
            return "quote" if request.quote else "order" if request.replaces is None else "change"
        case Yes():
            return "order"
        case CancelOrder():
            return "cancel"
        case Ask() | Unclear():
            return str(request.kind)
        case Several():
            return "several"
        case Automatic():
            return "automatic"
        case Bounced():
            return "bounce"
        case ForPerson():
            return "person"
        case Unreadable():
            return "unreadable"
        case _:
            assert_never(request)
