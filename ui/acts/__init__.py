"""Forms of the acts: `make_form` gives the one of an act, `ActPanel` shows and does it."""

from collections.abc import Callable, Mapping

from onestop.domain.acts import Act
from ui.acts.between import TransferInForm, TransferOutForm
from ui.acts.correction import CorrectForm
from ui.acts.form import ActForm, Scene
from ui.acts.money import CollectForm, RefundForm
from ui.acts.panel import ActPanel
from ui.acts.papers import AttachForm, DetachForm, VoidPaperForm
from ui.acts.reasons import ExtendForm, PauseForm, ReasonForm, ResumeForm
from ui.acts.receiving import ReceiveForm
from ui.acts.result import CompleteForm, HandOutForm
from ui.acts.sending import ConsultForm, OpinionForm, SendForm
from ui.acts.settling import AskForm, EraseForm, SettleForm
from ui.acts.supplement import RequestSupplementForm, TakeSupplementForm

__all__ = ["FORMS", "ActForm", "ActPanel", "AskForm", "Scene", "make_form"]

FORMS: Mapping[Act, Callable[[Scene, Act], ActForm]] = {
    Act.RECEIVE: ReceiveForm,
    Act.REFUSE: ReasonForm,
    Act.REQUEST_SUPPLEMENT: RequestSupplementForm,
    Act.TAKE_SUPPLEMENT: TakeSupplementForm,
    Act.FORWARD: SendForm,
    Act.SEND_BACK: ReasonForm,
    Act.RECALL: ReasonForm,
    Act.CONSULT: ConsultForm,
    Act.GIVE_OPINION: OpinionForm,
    Act.PROPOSE: SendForm,
    Act.APPROVE: SendForm,
    Act.DISAPPROVE: ReasonForm,
    Act.SIGN: SendForm,
    Act.PAUSE: PauseForm,
    Act.RESUME: ResumeForm,
    Act.STOP: ReasonForm,
    Act.DRAFT_APOLOGY: ExtendForm,
    Act.EXTEND: ExtendForm,
    Act.WITHDRAW: ReasonForm,
    Act.CORRECT: CorrectForm,
    Act.COMPLETE: CompleteForm,
    Act.HAND_OUT: HandOutForm,
    Act.COLLECT: CollectForm,
    Act.REFUND: RefundForm,
    Act.ATTACH: AttachForm,
    Act.DETACH: DetachForm,
    Act.VOID_PAPER: VoidPaperForm,
    Act.TRANSFER_OUT: TransferOutForm,
    Act.TRANSFER_IN: TransferInForm,
    Act.RATIFY: SettleForm,
    Act.VOID: SettleForm,
    Act.ERASE: EraseForm,
}
"""Every act of the table but those without a form: taking over (one key does it), notes
(written under the journal), printing (the print drawer) and registering (the intake page)."""


def make_form(scene: Scene, act: Act) -> ActForm:
    """The form of an act on a dossier. Raises KeyError for an act without one."""
    return FORMS[act](scene, act)
