"""Two assessors, one household: what both changed while apart is decided by a person, what only one changed is kept.

conflict.py --root PREFIX [--out FOLDER]. Ends with `conflict: OK`; exit code 77 where there is no display server or accessibility tree to be had."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from story import Story, run  # noqa: E402

TOWNSHIP = "410421105"  # 大营镇, where both demo assessors work
GROUP, NUMBER, REGISTER = "村组", "户号", "农户档案"
FIRST, SECOND = "assessor", "assessor2"
CALLED = {FIRST: "演示采集员甲", SECOND: "演示采集员乙"}


class Conflict(Story):
    name, households, login = "conflict", 120, None

    def make_windows(self):
        self.theirs = {}  # each has a screen of her own
        for login in (FIRST, SECOND):
            self.display = self.new_display()
            self.theirs[login] = self.client = self.new_client(login)

    def start(self):
        self.server.start()
        self.household, self.record = self.sql(
            "SELECT k.head_name, r.id FROM k_household k JOIN record r USING (rid) WHERE r.deleted=0 AND r.state='collecting' "
            "AND r.division LIKE ? AND k.group_name IS NOT NULL GROUP BY k.head_name HAVING count(*)=1 ORDER BY r.id",
            TOWNSHIP + "%")[0]
        for login, client in self.theirs.items():
            self.open_window(client, login)
            self.open_household(client)

    def has(self, login, group):
        """Whether the household is of this group on the computer of @login, too."""
        return self.store("SELECT 1 FROM k_household k JOIN record r USING (rid) WHERE r.id = ? AND k.group_name = ?", self.record, group, place=login)

    def on_server(self):
        """Village group and number of the household, as the server has them."""
        return self.sql("SELECT k.group_name, k.number FROM k_household k JOIN record r USING (rid) WHERE r.id=?", self.record)[0]

    # --- what a person does

    def open_household(self, client):
        client.open(REGISTER)
        client.enter("搜索" + REGISTER, self.household, role="entry")
        self.desk.wait_for(lambda: len(client.rows()) == 1 and self.household in client.text_of(client.rows()[0]), f"only {self.household}")
        client.open_row(self.household)
        client.find("建档")

    def change(self, login, field, text):
        """In the form, which stays open."""
        client = self.theirs[login]
        client.front()
        client.retype(field, text)
        client.press("保存", role="push button")
        self.desk.wait_for(lambda: self.store("SELECT 1 FROM outbox WHERE record = ?", self.record, place=login), f"the change of {login} in her outbox")

    def sync(self, login):
        client = self.theirs[login]
        client.open("同步")
        client.press("立即同步")

    def both_change(self, first, second):
        """(login, field, text) each, while the server is away; then it is back and the first one is heard first."""
        self.server.stop()
        for login, field, text in (first, second):
            self.change(login, field, text)
        self.theirs[second[0]].freeze()  # or it might be the first to see the server again
        self.server.start()
        index = (GROUP, NUMBER).index(first[1])
        self.sync(first[0])
        self.desk.wait_for(lambda: self.on_server()[index] == first[2], f"the change of {first[0]} on the server")
        self.theirs[second[0]].thaw()
        self.sync(second[0])

    def decide(self, login, other, before, mine, theirs, take):
        """The second one decides: @take is "我的" or "对方的"."""
        client, name = self.theirs[login], "mine" if take == "我的" else "theirs"
        client.sees("等您决定")
        client.find(contains=self.household, role="list item")
        self.picture("tray-" + name, client)
        client.click(client.find(contains=self.household, role="list item"))
        client.sees("别人也改了相同的内容")
        for text in ("原来", before, mine, theirs, CALLED[other] + " 在 ", "（设备 "):
            client.sees(text)
        for whose in ("我的", "对方的"):
            client.find(contains=f"{GROUP}：{whose}", role=("radio button", "check box"))
        client.press(contains="全部用" + take)
        self.picture("dialog-" + name, client)
        client.press("保存决定", role="push button")
        client.gone("保存决定", "push button")

    def meet_again(self, group):
        """Both have the group that stands on the server, and look at the household."""
        for login, client in self.theirs.items():
            self.desk.wait_for(lambda: self.has(login, group), f"{group} on the computer of {login}")
            self.open_household(client)

    # --- the steps

    def mine_is_taken(self):
        before = self.on_server()[0]
        self.both_change((FIRST, GROUP, "G1"), (SECOND, GROUP, "G2"))
        self.decide(SECOND, FIRST, before, "G2", "G1", "我的")
        self.desk.wait_for(lambda: self.on_server()[0] == "G2", "my group on the server")
        self.say("both changed the group; the second is asked, takes her own, and the server has it")

    def theirs_is_taken(self):
        self.both_change((SECOND, GROUP, "G3"), (FIRST, GROUP, "G4"))
        self.decide(FIRST, SECOND, "G2", "G4", "G3", "对方的")
        self.theirs[FIRST].gone("等您决定")
        assert self.on_server()[0] == "G3", self.on_server()
        self.say("both changed it once more; the second takes theirs, and it stays on the server")

    def different_fields_stand(self):
        self.both_change((FIRST, GROUP, "G5"), (SECOND, NUMBER, "N6"))
        self.desk.wait_for(lambda: self.on_server() == ("G5", "N6"), "both changes on the server")
        self.theirs[SECOND].sees("没有未上传的修改")
        assert not self.theirs[SECOND].find_all("等您决定")
        self.say("one changed the group, the other the number: both stand, nobody is asked")

    def tell(self):
        self.mine_is_taken()
        self.meet_again("G2")
        self.theirs_is_taken()
        self.meet_again("G3")
        self.different_fields_stand()


run(Conflict)
