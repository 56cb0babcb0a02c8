package hierarchy

import "strings"

// UAI is the recipe UAI → département → académie → région → *. The first three
// digits of a UAI are the département of the school, in the numbering of the
// ministry (620 and 720 are Corse-du-Sud and Haute-Corse). ReadAnnuaire has
// communes and bassins as well.
var UAI = Func(func(value string) ([]string, bool) {
	if len(value) != 8 {
		return nil, false
	}
	t, ok := territories()[value[:3]]
	if !ok {
		return nil, false
	}
	return []string{value[:3], t.academie, t.region, Top}, true
})

// territory is where a département lies.
type territory struct{ academie, region string }

// territories gives the académie and the région of each département, as they
// are since 1 January 2020 (décret 2019-1200; regions of the law of 16 January 2015).
func territories() map[string]territory {
	out := map[string]territory{}
	for _, line := range strings.Split(strings.TrimSpace(academies), "\n") {
		part := strings.Split(line, "|")
		for _, d := range strings.Fields(part[2]) {
			out[d] = territory{academie: part[0], region: part[1]}
		}
	}
	return out
}

const academies = `
Aix-Marseille|Provence-Alpes-Côte d'Azur|004 005 013 084
Amiens|Hauts-de-France|002 060 080
Besançon|Bourgogne-Franche-Comté|025 039 070 090
Bordeaux|Nouvelle-Aquitaine|024 033 040 047 064
Clermont-Ferrand|Auvergne-Rhône-Alpes|003 015 043 063
Corse|Corse|620 720
Créteil|Île-de-France|077 093 094
Dijon|Bourgogne-Franche-Comté|021 058 071 089
Grenoble|Auvergne-Rhône-Alpes|007 026 038 073 074
Guadeloupe|Guadeloupe|971
Guyane|Guyane|973
La Réunion|La Réunion|974
Lille|Hauts-de-France|059 062
Limoges|Nouvelle-Aquitaine|019 023 087
Lyon|Auvergne-Rhône-Alpes|001 042 069
Martinique|Martinique|972
Mayotte|Mayotte|976
Montpellier|Occitanie|011 030 034 048 066
Nancy-Metz|Grand Est|054 055 057 088
Nantes|Pays de la Loire|044 049 053 072 085
Nice|Provence-Alpes-Côte d'Azur|006 083
Normandie|Normandie|014 027 050 061 076
Orléans-Tours|Centre-Val de Loire|018 028 036 037 041 045
Paris|Île-de-France|075
Poitiers|Nouvelle-Aquitaine|016 017 079 086
Reims|Grand Est|008 010 051 052
Rennes|Bretagne|022 029 035 056
Strasbourg|Grand Est|067 068
Toulouse|Occitanie|009 012 031 032 046 065 081 082
Versailles|Île-de-France|078 091 092 095
`
