package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"warder/internal/app"
	"warder/internal/hospital"
)

type hospitalCommands struct {
	Check    hospitalCheck    `cmd:"" help:"Say everything that is wrong with a model; change nothing."`
	Import   hospitalImport   `cmd:"" help:"Put a model in the place of the one before; nothing is imported if anything is wrong."`
	Export   hospitalExport   `cmd:"" help:"Write the model to a folder, which import takes back."`
	Generate hospitalGenerate `cmd:"" help:"Make a plausible hospital of any size, for tests and measurements."`
}

type hospitalCheck struct {
	Path string `arg:"" help:"Folder or zip with YAML or CSV." type:"path"`
	JSON bool   `help:"Print the problems as JSON."`
}

func (c *hospitalCheck) Run() error {
	model, err := readModel(c.Path, c.JSON)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d assets, %d dependencies, %d floor plans; nothing is wrong\n",
		model.Name, len(model.Assets), len(model.Dependencies), len(model.Plans))
	return nil
}

// readModel loads a model and prints everything that is wrong with it.
func readModel(path string, asJSON bool) (*hospital.Model, error) {
	model, problems := hospital.ImportPath(path)
	if len(problems) == 0 {
		return model, nil
	}
	if asJSON {
		if err := json.NewEncoder(os.Stdout).Encode(problems); err != nil {
			return nil, err
		}
	} else {
		for _, p := range problems {
			fmt.Println(p)
		}
	}
	return nil, misuse{fmt.Errorf("%s: %d problems", path, len(problems))}
}

// where is a Warder that is not running, whose data directory a command works on.
type where struct {
	Config string `help:"Configuration file (YAML)." type:"existingfile" short:"c"`
	Data   string `help:"Data directory; overrides the configuration." placeholder:"DIR"`
}

func (w where) config() (app.Config, error) {
	cfg, err := app.LoadConfig(w.Config)
	if err != nil {
		return cfg, misuse{err}
	}
	if w.Data != "" {
		cfg.Data = w.Data
	}
	if cfg.Data == "" {
		return cfg, misuse{errors.New("no data directory is named: use --data DIR, or name it in a --config FILE")}
	}
	return cfg, nil
}

type hospitalImport struct {
	where
	remote
	Path string `arg:"" help:"Folder or zip with YAML or CSV." type:"path"`
}

func (c *hospitalImport) Run(ctx context.Context) error {
	model, err := readModel(c.Path, false)
	if err != nil {
		return err
	}
	if c.Server != "" {
		return c.remote.importModel(ctx, model)
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	version, err := app.ImportModel(ctx, cfg, model)
	if err != nil {
		return err
	}
	fmt.Printf("imported %s: %d assets, %d dependencies; this is version %s\n", model.Name, len(model.Assets), len(model.Dependencies), version)
	return nil
}

type hospitalExport struct {
	where
	Path string `arg:"" help:"Folder to write to; it must be empty or not exist." type:"path"`
	CSV  bool   `help:"Write CSV instead of YAML."`
}

func (c *hospitalExport) Run(ctx context.Context) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	model, err := app.ExportModel(ctx, cfg)
	if err != nil {
		return err
	}
	return writeModel(model, c.Path, c.CSV)
}

type hospitalGenerate struct {
	Path  string `arg:"" help:"Folder to write to; it must be empty or not exist." type:"path"`
	Beds  int    `help:"Beds in all." default:"600"`
	Sites int    `help:"Sites." default:"2"`
	Seed  int64  `help:"The same seed gives the same hospital." default:"1"`
	CSV   bool   `help:"Write CSV instead of YAML."`
}

func (c *hospitalGenerate) Run() error {
	o := hospital.GenerateOptions{Beds: c.Beds, Sites: c.Sites, Seed: c.Seed}
	if err := o.Check(); err != nil {
		return misuse{err}
	}
	model := hospital.Generate(o)
	return writeModel(model, c.Path, c.CSV)
}

func writeModel(model *hospital.Model, path string, csv bool) error {
	if err := hospital.ExportPath(model, path, csv); err != nil {
		return err
	}
	fmt.Printf("wrote %s: %d assets, %d dependencies to %s\n", model.Name, len(model.Assets), len(model.Dependencies), path)
	return nil
}
