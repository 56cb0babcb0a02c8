package audit

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/privacy"
)

// A table is closed like an edition, but for what is its user's: the names of its columns and units, and the values in
// it. So its manifest has no other texts than digests, a version, notes of a list, and these names; what explains the
// table is made again of them.

// checkClosed looks at the manifest of a table before anything in it is believed.
func (a *tableAudit) checkClosed() {
	m := a.manifest
	text, err := tableFields(m).Text()
	alone := err == nil && bytes.Equal(text, a.raw)
	a.claim("closed.manifest", "Le manifeste n’a que les champs d’une table, chacun de sa forme ; ses seuls autres textes "+
		"nomment des colonnes, des valeurs et des unités.", Proved, 1, alone && soundTable(m),
		outcome("Chaque octet du manifeste vient de ses champs.", differs(alone, "le manifeste a d’autres champs, ou n’est "+
			"pas écrit comme le serait un manifeste de ces valeurs"), differs(soundTable(m), "un texte ou un nombre n’y a "+
			"pas sa forme")))
	var names []string
	for _, f := range m.Files {
		names = append(names, f.Name)
	}
	ok := slices.Equal(names, []string{"datapackage.json", edition.KindTable + ".parquet"})
	a.claim("closed.files", "Le manifeste déclare la table et son descripteur, et rien d’autre.", Proved, int64(len(names)),
		ok, outcome("Ce sont eux.", differs(ok, "d’autres fichiers, ou dans un autre ordre")))
	unknown := a.unknownNotes()
	a.claim("closed.notes", "Les remarques du manifeste sont des phrases connues, qui ne se contredisent pas.", Proved,
		1+int64(len(m.Notes)), unknown == 0, faults(unknown), num("remarques", int64(len(m.Notes))))
}

// tableFields copies the fields that the manifest of a table has, and no other.
func tableFields(m *edition.Manifest) *edition.Manifest {
	out := &edition.Manifest{Version: m.Version, Kind: m.Kind, Subject: "person", Software: m.Software,
		ConfigHash: m.ConfigHash, Population: edition.Population{Persons: m.Population.Persons}, Notes: m.Notes}
	for _, f := range m.Files {
		out.Files = append(out.Files, edition.File{Name: f.Name, SHA256: f.SHA256, Bytes: f.Bytes})
	}
	an := m.Anonymity
	out.Anonymity = &edition.Anonymity{K: an.K, AchievedK: an.AchievedK, QuasiIdentifiers: an.QuasiIdentifiers,
		Transformation: an.Transformation, Sensitive: an.Sensitive, SuppressionLimit: an.SuppressionLimit,
		SuppressedPersons: an.SuppressedPersons, SuppressedRows: an.SuppressedRows, Classes: an.Classes,
		KnownRows: an.KnownRows, WholeProfile: an.WholeProfile, Among: an.Among, UnitsK: an.UnitsK}
	return out
}

// versionIs is the version of the software, as a table says it.
var versionIs = regexp.MustCompile(`^entscope [0-9]{1,3}(\.[0-9]{1,3}){1,2}$`)

// mostLevels bounds the levels of a hierarchy, mostKnownRows the rows of a person that are known.
const mostLevels, mostKnownRows = 255, 3

// soundTable reports whether each text and number of the manifest of a table has its form.
func soundTable(m *edition.Manifest) bool {
	an := m.Anonymity
	if !versionIs.MatchString(m.Software) || !sha256Text.MatchString(m.ConfigHash) || an.K < 1 ||
		an.Classes < 0 || an.SuppressedPersons < 0 || an.SuppressedPersons > m.Population.Persons ||
		an.SuppressedRows < an.SuppressedPersons || !share(an.SuppressionLimit) ||
		an.KnownRows < 0 || an.KnownRows > mostKnownRows {
		return false
	}
	quasi := map[string]bool{}
	for _, q := range an.QuasiIdentifiers {
		if level, ok := an.Transformation[q]; quasi[q] || len(an.Transformation) > 0 && !ok || level < 0 ||
			level > mostLevels {
			return false
		}
		quasi[q] = true
	}
	if len(quasi) == 0 || len(an.Transformation) > len(quasi) {
		return false
	}
	for _, s := range an.Sensitive {
		if quasi[s.Name] || !soundClaim(s) {
			return false
		}
	}
	for _, k := range an.UnitsK {
		if k < 0 {
			return false
		}
	}
	if w := an.Among; w != nil && (w.Persons < 0 || w.KMap < 0 || w.AchievedKMap < 0 || !share(w.DeltaMin) ||
		!share(w.DeltaMax) || !share(w.AchievedDeltaMin) || !share(w.AchievedDeltaMax) ||
		w.KMap == 0 && w.AchievedKMap != 0 || w.DeltaMax == 0 && w.DeltaMin+w.AchievedDeltaMin+w.AchievedDeltaMax != 0) {
		return false
	}
	_, person := an.UnitsK["person"]
	return person
}

func share(x float64) bool { return x >= 0 && x <= 1 }

// soundClaim reports whether a bound has the parameters of its model and no other.
func soundClaim(s edition.SensitiveClaim) bool {
	rule, ok := privacy.Of(privacy.Model(s.Model))
	uses := func(use privacy.Use, there bool) bool {
		return use == privacy.May || there == (use == privacy.Must)
	}
	return ok && rule.Admits(s.Bound, s.C) && (rule.C == privacy.Must || s.C == 0) &&
		(s.Against == "" || s.Against == edition.AgainstTable && rule.Relative) &&
		uses(rule.Order, s.Order != nil) && uses(rule.Rare, s.Rare != "") && uses(rule.Tree, s.Tree != nil)
}

// unknownNotes counts the notes that no table has, or that contradict the manifest.
func (a *tableAudit) unknownNotes() (unknown int64) {
	m := a.manifest
	levelled := len(m.Anonymity.Transformation) > 0
	for i, note := range m.Notes {
		_, bound := averageRisk(note)
		switch {
		case slices.Contains(m.Notes[:i], note):
			unknown++
		case note == edition.NoteRowsArePersons:
			unknown += count(m.Anonymity.SuppressedRows != m.Anonymity.SuppressedPersons)
		case note == edition.NoteCells || note == edition.NoteNonMinimal:
			unknown += count(levelled)
		default:
			unknown += count(!bound)
		}
	}
	return unknown + count(!levelled && !slices.Contains(m.Notes, edition.NoteCells))
}

// averageRisk is the bound that a note tells, false where it tells none.
func averageRisk(note string) (float64, bool) {
	before, after, _ := strings.Cut(edition.NoteAverageRisk, "%s")
	text, ok := strings.CutPrefix(note, before)
	text, also := strings.CutSuffix(text, after)
	bound, err := strconv.ParseFloat(text, 64)
	return bound, ok && also && err == nil && bound > 0 && bound <= 1 && text == strconv.FormatFloat(bound, 'g', -1, 64)
}

// checkDescription: the descriptor is what manifest and columns make of it.
func (a *tableAudit) checkDescription() {
	want, err := edition.DescribeTexts(a.manifest, a.columns)
	same := err == nil && bytes.Equal(want, a.content["datapackage.json"])
	a.claim("closed.descriptions", "Le descripteur de la table est celui que l’audit refait du manifeste et des noms de "+
		"colonnes.", Proved, 1, same, outcome("Identique, octet pour octet.", differs(same, "différent")))
}

// checkValues: the values that a bound names are values of its column. Others are the policy's.
func (a *tableAudit) checkValues() {
	const title = "Les valeurs que nomme une borne sont de sa colonne ; les nœuds de son arbre sont des numéros."
	tried, strange, wrong := int64(0), int64(0), int64(0)
	for i, s := range a.manifest.Anonymity.Sensitive {
		values := a.texts(s.Name)
		named := s.Order
		if s.Rare != "" {
			named = append(slices.Clone(named), s.Rare)
		}
		for _, v := range named {
			strange += count(!slices.Contains(values, v) && !a.policy.names(i, v))
		}
		tried += int64(len(named) + len(s.Tree))
		wrong += count(s.Tree != nil && !numbered(s.Tree, values))
	}
	switch {
	case tried == 0:
	case strange > 0:
		a.claim("closed.values", title, Unverifiable, 0, wrong == 0,
			fmt.Sprintf("%d valeurs nommées ne sont dans aucune ligne : elles sont celles de la politique, ou de lignes "+
				"retirées.", strange))
	default:
		a.claim("closed.values", title, Proved, tried, wrong == 0, faults(wrong))
	}
}

// texts are the values of a column, ascending.
func (a *tableAudit) texts(name string) []string {
	for _, c := range a.columns {
		if c.Name == name {
			return slices.Sorted(slices.Values(c.Values))
		}
	}
	return nil
}

// numbered reports whether the branches of a tree are those of all values, with the nodes above them numbered from 1
// as they come.
func numbered(tree [][]string, values []string) bool {
	if len(tree) != len(values) {
		return false
	}
	seen := make([]map[string]bool, len(tree[0]))
	for i, branch := range tree {
		if len(branch) != len(seen) || len(branch) == 0 || branch[0] != values[i] {
			return false
		}
		for level, node := range branch[1:] {
			if seen[level] == nil {
				seen[level] = map[string]bool{}
			}
			if !seen[level][node] && node != strconv.Itoa(len(seen[level])+1) {
				return false
			}
			seen[level][node] = true
		}
	}
	return true
}

// checkAverage recounts the bound on classes by persons, where a note tells one.
func (a *tableAudit) checkAverage(classes int64) {
	for _, note := range a.manifest.Notes {
		bound, ok := averageRisk(note)
		if !ok {
			continue
		}
		title := fmt.Sprintf("Le risque moyen, des profils sur les personnes, est d’au plus %s.", comma(bound, 4))
		if !a.counted {
			a.claim("average_risk", title, Unverifiable, 0, true, rowsAlone)
			continue
		}
		found := float64(classes) / math.Max(1, float64(a.persons))
		a.claim("average_risk", title, Proved, a.records, found <= bound+tolerance,
			fmt.Sprintf("Il est de %s.", comma(found, 4)), Number{"borne", bound}, Number{"trouvé", round4(found)})
	}
}
