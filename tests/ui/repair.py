"""A damaged store is compared with the server and mended from the page of synchronisation; a server restored from an older copy is noticed.

repair.py --root PREFIX [--out FOLDER]. Ends with `repair: OK`; exit code 77 where there is no display server or accessibility tree to be had."""
import glob
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from story import Story, run  # noqa: E402


class Repair(Story):
    name, login = "repair", "assessor"

    def addresses(self):
        return self.store("SELECT address FROM k_household WHERE rid = (SELECT min(rid) FROM k_household)")

    def tell(self):
        self.client.open("同步")
        self.desk.wait_for(lambda: self.store("SELECT count(*) FROM record")[0][0] > 0, "the first records")
        self.client.find("立即核对", "push button")
        self.step("before", "the page offers to verify")
        before = self.addresses()
        self.store("UPDATE k_household SET address = '坏' WHERE rid = (SELECT min(rid) FROM k_household)")
        self.client.press("立即核对", role="push button")
        self.desk.wait_for(lambda: self.addresses() == before, "the broken row as the server has it")
        self.client.sees("现已全部一致")
        self.step("mended", "a row broken by hand is mended, and the page says so")
        self.restored()

    def restored(self):
        """The mark that it keeps is of an entry that the server does not have."""
        self.store("UPDATE meta SET value = '999999999' || substr(value, instr(value, '.')) WHERE key = 'mark'")
        self.client.press("立即同步", role="push button")
        self.client.sees("从备份恢复过")
        self.step("differs", "a server that does not know what this computer has seen is noticed")
        self.client.press("重新开始…", role="push button")
        self.client.sees("从服务器重新开始？")
        self.step("question", "starting anew is asked for")
        self.client.press(contains="重新开始 重", role="push button")
        self.client.find("立即核对", "push button")
        assert glob.glob(self.folder + "/client/desks/*/store-*.db"), "no copy of the old store"
        self.step("anew", "it starts anew, and a copy is kept")


run(Repair)
