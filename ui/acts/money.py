"""Money taken and given back, in whole đồng; the fee receipt is another system's."""

from onestop.domain.acts import Act
from onestop.office import deeds
from onestop.office.changes import money
from ui.acts.form import ActForm, Job, Scene
from ui.acts.parts import MoneyField
from ui.acts.phrases import PHRASES
from ui.widgets import ComboField, LineField


class CollectForm(ActForm):
    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        dossier = scene.dossier
        total, collected = dossier.fee_total_vnd, dossier.collected_vnd
        self.say(f"Phải thu {money(total)} · đã thu {money(collected)}")
        self._amount = MoneyField("amount_vnd", "&Số tiền thu", max(0, total - collected))
        self._method = ComboField("method", "&Hình thức", tuple(deeds.PAY_METHODS.items()))
        self._receipt = LineField("fee_receipt", "&Biên lai (nếu có)", "Ký hiệu, số biên lai điện tử")
        self.add(self._amount, self._method)
        self.add(self._receipt)
        self.settle()

    def job(self) -> Job:
        amount, method = self._amount.amount(), self._method.key()
        receipt, dossier_id = self._receipt.text(), self.dossier_id
        return lambda office: deeds.collect(office, dossier_id, amount, method, receipt)


class RefundForm(ActForm):
    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        dossier = scene.dossier
        self.say(f"Đã thu {money(dossier.collected_vnd)} · phải thu {money(dossier.fee_total_vnd)}")
        excess = dossier.collected_vnd - dossier.fee_total_vnd
        self._amount = MoneyField("amount_vnd", "&Số tiền hoàn", max(0, excess))
        self.add(self._amount)
        self._reason = self.add_reason(PHRASES[act])
        self.settle()

    def job(self) -> Job:
        amount, reason, dossier_id = self._amount.amount(), self._reason.text(), self.dossier_id
        return lambda office: deeds.refund(office, dossier_id, amount, reason)
