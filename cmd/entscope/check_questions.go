package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/ingest/join"
	"github.com/entscope/entscope/ingest/register"
)

// answer says whether the input of a study answers a question.
type answer struct {
	ID      string `json:"id"`
	Answers bool   `json:"answers"`
	// Missing is what it needs and the input has not; Without are the registers that part of it is told from and that
	// the study has not.
	Missing string   `json:"missing,omitempty"`
	Without []string `json:"without,omitempty"`
}

// answers goes through the catalogue: what a question reads is said by its theme, which registers tell it by the
// registers themselves.
func (c *checked) answers() []answer {
	visits := slices.ContainsFunc(c.Joins, func(j join.Join) bool {
		return strings.HasPrefix(j.From, "feed ") && j.Unit == join.Accounts && j.By == "" && j.Known > 0
	})
	var list []answer
	for _, q := range question.All() {
		a := answer{ID: q.ID}
		told, readers := 0, 0
		for _, r := range register.All() {
			if !slices.Contains(r.Readers, q.ID) {
				continue
			}
			if readers++; c.rows(r.Name) {
				told++
			} else {
				a.Without = append(a.Without, r.Name)
			}
		}
		switch {
		case q.Reads == "manifest":
		case len(c.directory.Persons) == 0:
			a.Missing = "a directory"
		case q.Reads == "directory":
		case !visits:
			a.Missing = "a feed of accounts that the directory knows"
		case q.Reads == "grades" && c.Services["grades"] == 0:
			a.Missing = "records of the service grades"
		case (q.Reads == "register" || q.Reads == "messages") && readers > 0 && told == 0:
			a.Missing, a.Without = "register "+strings.Join(a.Without, " or "), nil
		}
		if a.Missing == "" {
			a.Missing = c.beyond(q)
		}
		a.Answers = a.Missing == ""
		list = append(list, a)
	}
	return list
}

// beyond is what a question needs beyond what it reads: a service that the logs tell, registers.
func (c *checked) beyond(q question.Question) string {
	for _, name := range q.Registers {
		if !c.rows(name) {
			return "register " + strings.Join(q.Registers, " and ")
		}
	}
	told := func(service string) bool { return c.Services[service] > 0 }
	if len(q.Services) > 0 && !slices.ContainsFunc(q.Services, told) {
		return "records of the service " + strings.Join(q.Services, " or ")
	}
	return ""
}

// rows reports whether a register has rows that are used.
func (c *checked) rows(register string) bool {
	for i := range c.directory.Files {
		if f := &c.directory.Files[i]; f.Kind == register && f.Used > 0 {
			return true
		}
	}
	return false
}

// printAnswers writes which questions the input answers, and what the others lack.
func printAnswers(out io.Writer, answers []answer) {
	var whole, lacks []string
	of := map[string][]string{}
	for _, a := range answers {
		lack := ""
		switch {
		case !a.Answers:
			lack = "not measurable, needs " + a.Missing
		case len(a.Without) > 0:
			lack = "in part, without the register " + strings.Join(a.Without, " and ")
		default:
			whole = append(whole, a.ID)
			continue
		}
		if of[lack] == nil {
			lacks = append(lacks, lack)
		}
		of[lack] = append(of[lack], a.ID)
	}
	fmt.Fprintf(out, "\n%d of %d questions are answered in full: %s\n",
		len(whole), len(answers), strings.Join(whole, " "))
	for _, lack := range lacks {
		fmt.Fprintf(out, "%s: %s\n", lack, strings.Join(of[lack], " "))
	}
}
