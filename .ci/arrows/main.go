// Command arrows counts, for each package named, the arrows between its files and
// those that run back up.
//
//	go run ./.ci/arrows ./ingest/simulate ./anonymize/kanon
//
// An arrow A → B says that file A names something declared at package level, or a
// method or field, in file B of the same package. A file stands as high as its deepest chain of
// calls is long: the longest path from one of its functions through the functions
// of the package, a circle of calls counting as one. An arrow runs back up when B
// stands higher than A. With -v each of those is listed. With -ceilings it takes the
// packages from a file, a room a line: how many may run back up, then the packages of the
// room; it fails where there are more.
package main

import (
	"flag"
	"fmt"
	"go/ast"
	"go/types"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	verbose := flag.Bool("v", false, "list the arrows that run back up")
	ceilings := flag.String("ceilings", "", "file of how many each room may have")
	flag.Parse()
	rooms, paths := []room(nil), flag.Args()
	if *ceilings != "" {
		var err error
		if rooms, err = readRooms(*ceilings); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		for _, r := range rooms {
			paths = append(paths, r.packages...)
		}
	}
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes |
			packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps,
	}, paths...)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if packages.PrintErrors(loaded) > 0 {
		os.Exit(1)
	}
	back := map[string]int{}
	for _, p := range loaded {
		back[p.PkgPath] = count(p, *verbose)
	}
	over := false
	for _, r := range rooms {
		if n := r.sum(back); n > r.most {
			fmt.Fprintf(os.Stderr, "%s: %d arrows back up, at most %d\n", strings.Join(r.packages, " "), n, r.most)
			over = true
		}
	}
	if over {
		os.Exit(1)
	}
}

// room is a line of a file of ceilings.
type room struct {
	most     int
	packages []string
}

func readRooms(name string) (rooms []room, err error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		most, err := strconv.Atoi(fields[0])
		if err != nil || len(fields) < 2 {
			return nil, fmt.Errorf("%s: not a number and packages: %s", name, line)
		}
		rooms = append(rooms, room{most, fields[1:]})
	}
	return rooms, nil
}

// sum adds what the packages of a room have.
func (r room) sum(back map[string]int) (n int) {
	for path, count := range back {
		for _, p := range r.packages {
			if strings.HasSuffix(path, strings.TrimPrefix(p, ".")) {
				n += count
			}
		}
	}
	return n
}

type arrow struct{ from, to string }

func count(p *packages.Package, verbose bool) int {
	file := func(o types.Object) string { return filepath.Base(p.Fset.Position(o.Pos()).Filename) }
	calls := map[types.Object]map[types.Object]bool{}
	arrows := map[arrow]string{}
	for _, f := range p.Syntax {
		from := filepath.Base(p.Fset.Position(f.Pos()).Filename)
		for _, d := range f.Decls {
			var caller types.Object
			if fn, ok := d.(*ast.FuncDecl); ok {
				caller = p.TypesInfo.Defs[fn.Name]
				calls[caller] = map[types.Object]bool{}
			}
			ast.Inspect(d, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				if !ok {
					return true
				}
				used := p.TypesInfo.Uses[id]
				if used == nil || used.Pkg() != p.Types {
					return true
				}
				fn, isFunc := used.(*types.Func)
				if isFunc {
					used = fn.Origin()
				}
				if used.Parent() != p.Types.Scope() && !isFunc {
					return true
				}
				if isFunc && caller != nil {
					calls[caller][used] = true
				}
				if to := file(used); to != from {
					arrows[arrow{from, to}] = used.Name()
				}
				return true
			})
		}
	}
	height := heights(calls)
	files := map[string]int{}
	for fn, h := range height {
		files[file(fn)] = max(files[file(fn)], h)
	}
	var back []arrow
	for a := range arrows {
		if files[a.to] > files[a.from] {
			back = append(back, a)
		}
	}
	fmt.Printf("%s\t%d of %d arrows back up, %d files\n", p.PkgPath, len(back), len(arrows), len(p.Syntax))
	if !verbose {
		return len(back)
	}
	sort.Slice(back, func(i, j int) bool {
		return back[i].from < back[j].from || back[i].from == back[j].from && back[i].to < back[j].to
	})
	for _, a := range back {
		fmt.Printf("\t%s (%d) → %s (%d): %s\n", a.from, files[a.from], a.to, files[a.to], arrows[a])
	}
	return len(back)
}

// heights gives each function the length of its longest chain of calls.
func heights(calls map[types.Object]map[types.Object]bool) map[types.Object]int {
	index, low, onStack := map[types.Object]int{}, map[types.Object]int{}, map[types.Object]bool{}
	var stack []types.Object
	height := map[types.Object]int{}
	var visit func(v types.Object)
	visit = func(v types.Object) {
		index[v] = len(index) + 1
		low[v] = index[v]
		stack = append(stack, v)
		onStack[v] = true
		for w := range calls[v] {
			if _, known := calls[w]; !known {
				continue
			}
			if index[w] == 0 {
				visit(w)
				low[v] = min(low[v], low[w])
			} else if onStack[w] {
				low[v] = min(low[v], index[w])
			}
		}
		if low[v] != index[v] {
			return
		}
		var circle []types.Object
		for {
			w := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			onStack[w] = false
			circle = append(circle, w)
			if w == v {
				break
			}
		}
		h := 0
		in := map[types.Object]bool{}
		for _, w := range circle {
			in[w] = true
		}
		for _, w := range circle {
			for x := range calls[w] {
				if !in[x] {
					h = max(h, height[x]+1)
				}
			}
		}
		for _, w := range circle {
			height[w] = h
		}
	}
	for v := range calls {
		if index[v] == 0 {
			visit(v)
		}
	}
	return height
}
