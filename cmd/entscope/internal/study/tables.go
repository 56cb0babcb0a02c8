package study

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/register"
	"github.com/entscope/entscope/ingest/tabular"
)

// Table is a mapped CSV that is no feed of events.
type Table struct {
	// files and patterns
	Files []string `toml:"files" need:"yes"`
	// the namespace of the identifiers in it, where these are not the directory's
	Accounts string `toml:"accounts"`
	// needed, but for schools in the ministry's own headings; how its columns are read
	CSV tabular.Mapping `toml:"csv"`
	// how many rows its files have in all, without headings, where it is known: another number is a warning, fewer
	// beyond limits.max_loss_share end the run
	Expect int64 `toml:"expect" example:"48210"`
}

// Directory says who has which account and who is whose guardian.
type Directory struct {
	// AAF XML exports: pupils, guardians, links, schools
	AAF []string `toml:"aaf" example:"aaf/*.xml"`
	// SIECLE exports
	SIECLE []string `toml:"siecle" example:"siecle/*.zip"`
	// CSV imports of entcore and Onde; the UAI stands in the path
	Imports []string `toml:"imports" example:"imports/0750001A/*.csv"`
	// one list for each platform: whose account is whose
	Accounts []Table `toml:"accounts"`
	// people and their links as plain CSV, where there is no AAF, SIECLE or import
	Persons []Table `toml:"persons"`
	// accounts that are one person
	Merges []Table `toml:"merges"`
	// namespaces of accounts whose identifiers have no case, as those of LDAP: U1001 is u1001
	IgnoreCase []string `toml:"ignore_case" example:"cas"`
	// how many records the exports have, where it is known
	Expect Expect `toml:"expect"`
}

// Expect are the numbers of records of exports that are no tables: another number is a
// warning, fewer beyond limits.max_loss_share end the run.
type Expect struct {
	// requests in all AAF files
	AAF int64 `toml:"aaf"`
	// pupils, persons and links in all SIECLE files
	SIECLE int64 `toml:"siecle"`
	// rows in all imports, without headings
	Imports int64 `toml:"imports"`
}

// Reference is public data on schools and days.
type Reference struct {
	// UAI, level, IPS, REP status, sector, académie, zone, opening of the ENT
	Schools *Table `toml:"schools"`
	// the ministry's calendar of school holidays
	Calendar *FileGlobs `toml:"calendar"`
	// the national open data, profils-appareils of the DNMA and IPS files: the report and the school pages show the
	// share of parents' visits on a phone in France, of the same level and quintile of IPS, beside their own
	National *FileGlobs `toml:"national"`
	// folders of publications of earlier periods of this study: the report shows what the last of them published beside
	// each figure, a school page its last periods, as they were published then; the audit takes them by --previous
	Previous []string `toml:"previous" example:"../2025-T1/published"`
}

// FileGlobs is a list of files in a format of their own.
type FileGlobs struct {
	// files and patterns
	Files []string `toml:"files" need:"yes"`
}

// checkCases refuses a namespace without case that is nobody's.
func (s *Study) checkCases(fault func(string, ...any)) {
	var known []string
	for _, src := range s.Sources {
		known = append(known, src.Accounts)
	}
	for _, t := range slices.Concat(s.Directory.Accounts, s.Directory.Persons) {
		known = append(known, t.Accounts)
	}
	slices.Sort(known)
	known = slices.Compact(known)
	for _, name := range s.Directory.IgnoreCase {
		if !slices.Contains(known, name) {
			fault("%s: ignore_case: %w", s.where("directory", "directory.ignore_case"), vocabulary.Unknown(name, known))
		}
	}
}

func (s *Study) checkTables(fault func(string, ...any)) {
	s.checkCases(fault)
	check := func(at, path string, t *Table, fields []tabular.Field) {
		if t == nil {
			return
		}
		if t.Files != nil && len(t.Files) == 0 {
			fault("%s: files is empty", s.where(at, path+".files"))
		}
		if s.lines[path+".csv"] == 0 && len(t.CSV.Columns)+len(t.CSV.Constants) == 0 {
			fault("%s: csv is not set: it says which column is which field (%s)", s.where(at, path),
				strings.Join(names(fields), ", "))
			return
		}
		s.mappingFaults(t.CSV.CheckFields(fields), fault, at, path+".csv")
	}
	for i := range s.Directory.Accounts {
		at, path := fmt.Sprintf("directory.accounts %d", i+1), fmt.Sprintf("directory.accounts[%d]", i)
		if s.Directory.Accounts[i].Accounts == "" {
			fault("%s: accounts is not set: the namespace of its account ids, as the feeds name it", s.where(at, path))
		}
		check(at, path, &s.Directory.Accounts[i], directory.AccountFields)
	}
	for i := range s.Directory.Persons {
		check(fmt.Sprintf("directory.persons %d", i+1), fmt.Sprintf("directory.persons[%d]", i),
			&s.Directory.Persons[i], directory.PersonFields)
	}
	for i := range s.Directory.Merges {
		check(fmt.Sprintf("directory.merges %d", i+1), fmt.Sprintf("directory.merges[%d]", i),
			&s.Directory.Merges[i], directory.MergeFields)
	}
	if t := s.Objections; t != nil {
		check("objections", "objections", t, directory.ObjectionFields)
		s.checkAccounts("objections", t, fault)
	}
	if t := s.Reference.Schools; t != nil && len(t.CSV.Columns) > 0 { // open data needs no mapping
		check("reference.schools", "reference.schools", t, directory.SchoolFields)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Registers)) {
		at := "registers." + name
		if r := register.Named(name); r != nil {
			check(at, at, s.Registers[name], r.Tabular())
			s.checkAccounts(at, s.Registers[name], fault)
		}
	}
}

// names are those of the fields.
func names(fields []tabular.Field) []string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.Name
	}
	return list
}

// checkAccounts checks the namespace of the accounts that a register names.
func (s *Study) checkAccounts(at string, t *Table, fault func(string, ...any)) {
	var known []string
	for _, t := range slices.Concat(s.Directory.Accounts, s.Directory.Persons) {
		if t.Accounts != "" && !slices.Contains(known, t.Accounts) {
			known = append(known, t.Accounts)
		}
	}
	if t.Accounts != "" && !slices.Contains(known, t.Accounts) {
		fault("%s: accounts %q is the namespace of no table of the directory (%s)", s.where(at, at+".accounts"),
			t.Accounts, strings.Join(known, ", "))
	}
}
