package grade

import "testing"

func TestLevels(t *testing.T) {
	for label, want := range map[string]string{
		"6EME": "6e", "6EME SEGPA": "6e", "5ème": "5e", "QUATRIEME": "4e", "3EME PREPA-METIERS": "3e",
		"2NDE GENERALE ET TECHNO": "2de", "SECONDE PRO": "2de", "1ERE GENERALE": "1re", "1ère STMG": "1re",
		"TERMINALE PRO": "Tle", "TLE STI2D": "Tle", "CP": "CP", "CM2": "CM2", "COURS ELEMENTAIRE 2EME ANNEE": "CE2",
		"GRANDE SECTION": "GS", "TPS": "TPS", "PS": "PS", "CPGE PCSI": "", "CAP 1ERE ANNEE": "", "BTS": "", "": "",
		"1CAP2 CUISINE": "",
	} {
		if got := Level(label); got != want {
			t.Errorf("Level(%q) = %q, want %q", label, got, want)
		}
	}
	for mef, want := range map[string]string{"10010012110": "6e", "10310019110": "3e", "16710014110": "3e",
		"20210019110": "Tle", "99": "", "24010018110": ""} {
		if got := OfMEF(mef); got != want {
			t.Errorf("OfMEF(%q) = %q, want %q", mef, got, want)
		}
	}
}
