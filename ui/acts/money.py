"""Money taken and given back, in whole đồng; the fee receipt is another system's."""

from onestop.domain.acts import Act
from onestop.domain.fee_receipt import read_fee_receipt
from onestop.domain.moment import local_day
from onestop.errors import InputError
from onestop.office import deeds
from onestop.office.changes import money
from onestop.office.payment_note import PAYMENT_NOTE
from ui.acts.form import ActForm, Job, Scene
from ui.acts.parts import MoneyField
from ui.acts.phrases import PHRASES
from ui.widgets import ComboField, LineField, error_words

_METHODS = tuple(deeds.PAY_METHODS.items())
_NOT_OURS = (
    "Biên lai do hệ thống biên lai điện tử được công nhận cấp; ở đây chỉ ghi lại ký hiệu và số. "
    "Phiếu in ra sau khi thu không thay biên lai."
)


class CollectForm(ActForm):
    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        dossier = scene.dossier
        total, collected = dossier.fee_total_vnd, dossier.collected_vnd
        self.say(f"Phải thu {money(total)} · đã thu {money(collected)}")
        for fee in dossier.subject.fees:
            self.say(f"{fee.name}: {money(fee.amount_vnd)}", "small")
        self._amount = MoneyField("amount_vnd", "&Số tiền thu", max(0, total - collected))
        self._method = ComboField("method", "&Hình thức", _METHODS)
        self._receipt = LineField(
            "fee_receipt", "&Biên lai điện tử (nếu có)", "Ký hiệu và số, ví dụ 26TAA 00000123", self._trouble
        )
        self.add(self._amount, self._method)
        self.add(self._receipt)
        self.say(_NOT_OURS, "small")
        self.settle()

    def job(self) -> Job:
        amount, method = self._amount.amount(), self._method.key()
        receipt, dossier_id = self._receipt.text(), self.dossier_id
        return lambda office: deeds.collect(office, dossier_id, amount, method, receipt)

    def next_form(self) -> str:
        return PAYMENT_NOTE

    def _trouble(self, text: str) -> str:
        try:
            read_fee_receipt(text, local_day(self.scene.office.now)) if text else None
        except InputError as error:
            return error_words(error)
        return ""


class RefundForm(ActForm):
    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        dossier = scene.dossier
        self.say(f"Đã thu {money(dossier.collected_vnd)} · phải thu {money(dossier.fee_total_vnd)}")
        excess = dossier.collected_vnd - dossier.fee_total_vnd
        self._amount = MoneyField("amount_vnd", "&Số tiền hoàn", max(0, excess))
        self._method = ComboField("method", "&Hình thức", _METHODS)
        self.add(self._amount, self._method)
        self._reason = self.add_reason(PHRASES[act])
        self.settle()

    def job(self) -> Job:
        amount, reason, dossier_id = self._amount.amount(), self._reason.text(), self.dossier_id
        method = self._method.key()
        return lambda office: deeds.refund(office, dossier_id, amount, reason, method)
