package indicator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/entscope/entscope/analysis/query"
)

var questions = []string{"D3", "L1", "L5"}

// TestOrderOfQuestionsTellsNothing: releases of a few questions each, in any order, each beside those before it, tell no
// figure that one release of all hides, and no figure otherwise.
func TestOrderOfQuestionsTellsNothing(t *testing.T) {
	exact, pages := smallSchools(t)
	all := tellingOf(t, exact, pages, exact, &Earlier{})
	alone := 0
	for _, id := range questions {
		released, err := Release(context.Background(), ofQuestions(exact, []string{id}), pages, testPolicy(t), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name := range toldBy(released) {
			if _, there := all[name]; !there {
				alone++
			}
		}
	}
	if alone == 0 {
		t.Error("protected by themselves alone they tell no more: nothing was tried")
	}
	for first := 1; first < 1<<len(questions)-1; first++ { // and the rest after them
		var parts [2][]string
		for i, id := range questions {
			part := 1 - first>>i&1
			parts[part] = append(parts[part], id)
		}
		var e Earlier
		for _, ids := range parts {
			for name, figure := range tellingOf(t, exact, pages, ofQuestions(exact, ids), &e) {
				if want, there := all[name]; !there || figure != want {
					t.Errorf("%v, %v of it tell of %s %s, all questions %q", parts, ids, name, figure, want)
				}
			}
		}
	}
}

// TestWhatWasToldIsNotHidden: beside a release that was protected by its own questions alone, one that hides what
// follows from it is refused, and says of which figure.
func TestWhatWasToldIsNotHidden(t *testing.T) {
	exact, pages := smallSchools(t)
	refused := 0
	for _, first := range questions {
		released, err := Release(context.Background(), ofQuestions(exact, []string{first}), pages, testPolicy(t), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		var e Earlier
		e.Add(released.Standing, false)
		_, err = Overrides(context.Background(), exact, exact, pages, testPolicy(t), e)
		var told *Told
		if !errors.As(err, &told) {
			if err != nil {
				t.Fatal(err)
			}
			continue
		}
		refused++
		t.Log(first, told)
		if told.Source == "" || told.Population == "" {
			t.Errorf("after %s the refusal names nothing: %v", first, told)
		}
	}
	if refused == 0 {
		t.Error("nothing was refused: nothing was tried")
	}
}

// smallSchools are the figures of a few questions on a region of schools that are small, and its pages.
func smallSchools(t *testing.T) ([]Result, *query.Edition) {
	t.Helper()
	r := newRegion(3, 9).of(questions...)
	for i := range r.schools {
		r.schools[i].persons = 20 + 3*i
	}
	return compute(t, r.research(t), r.ids...), r.schoolsEdition(t, r.sums())
}

func ofQuestions(exact []Result, ids []string) []Result {
	return slices.DeleteFunc(slices.Clone(exact), func(r Result) bool { return !slices.Contains(ids, r.Indicator) })
}

// tellingOf releases some of the figures of an edition beside e, which then remembers it, and gives what is told.
func tellingOf(t *testing.T, exact []Result, pages *query.Edition, some []Result, e *Earlier) map[string]string {
	t.Helper()
	list, err := Overrides(context.Background(), exact, some, pages, testPolicy(t), *e)
	if err != nil {
		t.Fatal(err)
	}
	released, err := Release(context.Background(), some, pages, testPolicy(t), nil, list)
	if err != nil {
		t.Fatal(err)
	}
	e.Add(released.Standing, false)
	return toldBy(released)
}

// toldBy are the figures that a release shows, by name.
func toldBy(released *Released) map[string]string {
	list := slices.Clone(released.Results)
	for _, s := range released.Schools {
		list = append(list, s.Results...)
		list = append(list, s.Similar...)
	}
	out := map[string]string{}
	for _, r := range list {
		if r.Status == Published {
			out[fmt.Sprint(r.Edition, r.Indicator, r.Measure, r.Population, r.Group)] =
				fmt.Sprint(value(r.Estimate), value(r.Low), value(r.High), r.N)
		}
	}
	return out
}

func value(x *float64) string {
	if x == nil {
		return "-"
	}
	return fmt.Sprint(*x)
}
