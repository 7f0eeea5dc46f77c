namespace Octavo.Training.Configuration;

/// <summary>Keys and words of other tools that would do something else here, or nothing: what to write instead.</summary>
internal static class ForeignNames
{
    private const string Local = "nothing is sent anywhere. Remove it.";
    private const string OneKernel = "there is one attention, and one way to load a model. Remove it.";

    private static readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal)
    {
        // open-instruct
        ["tokenizer_name"] = "write tokenizer_name_or_path.",
        ["dataset_mixer_list"] = "write it as dataset_mixer, which takes such a list.",
        ["dataset_name"] = "datasets are files here: give train_file or dataset_mixer.",
        ["dataset_mix_dir"] = "mixtures are not written out. Remove it.",
        ["use_slow_tokenizer"] = "there is one tokenizer, equal to the fast one; the slow one splits numbers differently. Remove it.",
        ["use_flash_attn"] = OneKernel,
        ["low_cpu_mem_usage"] = OneKernel,
        ["model_revision"] = "a revision is chosen when a model is downloaded. Remove it.",
        ["preprocessing_num_workers"] = "write threads.",
        ["overwrite_output_dir"] = "nothing is overwritten: give another output_dir, or resume_from_checkpoint.",
        ["overwrite_cache"] = "there is no cache of datasets. Remove it.",
        ["max_train_examples"] = "write max_train_samples.",
        ["use_8bit_optimizer"] = "there is no optimizer in 8 bits. Use use_lora or use_qlora to save memory.",
        ["fused_optimizer"] = "there is one AdamW. Remove it.",
        ["wandb_entity"] = Local,
        ["wandb_project_name"] = Local,
        ["push_to_hub"] = Local,
        ["save_to_hub"] = Local,
        // transformers, trl
        ["max_grad_norm"] = "write clip_grad_norm.",
        ["save_steps"] = "write checkpointing_steps.",
        ["save_strategy"] = "write checkpointing_steps, a number or 'epoch'.",
        ["save_total_limit"] = "write keep_last_n_checkpoints.",
        ["max_steps"] = "write max_train_steps.",
        ["max_length"] = "write max_seq_length.",
        ["bf16"] = "write 'dtype: bfloat16'.",
        ["fp16"] = "there is no training in float16: it overflows. Write 'dtype: bfloat16' or remove it.",
        ["optim"] = "there is one optimizer, AdamW. Remove it.",
        ["per_device_batch_size"] = "write per_device_train_batch_size.",
        // axolotl, LLaMA-Factory
        ["base_model"] = "write model_name_or_path.",
        ["sequence_len"] = "write max_seq_length.",
        ["cutoff_len"] = "write max_seq_length.",
        ["micro_batch_size"] = "write per_device_train_batch_size.",
        ["sample_packing"] = "write packing.",
        ["lora_r"] = "write lora_rank.",
        ["lora_target"] = "write lora_target_modules.",
    };

    private static readonly Dictionary<(Type, string), string> _choices = new()
    {
        [(typeof(LossReduction), "mean")] = "'mean' is ambiguous. Write mean_global (the mean over all targets of the step) or mean_micro "
            + "(the mean of each micro-batch, then of these, which is what 'mean' is in open-instruct).",
        [(typeof(LossReduction), "mean-global")] = "write mean_global.",
        [(typeof(LossReduction), "mean-micro")] = "write mean_micro.",
        [(typeof(Schedules.ScheduleKind), "wsd")] = "write warmup_stable_decay.",
        [(typeof(Schedules.ScheduleKind), "warmup_stable_decay_with_min_lr")] =
            "write warmup_stable_decay with lr_scheduler_kwargs.min_lr_ratio.",
        [(typeof(TrainType), "bf16")] = "write bfloat16.",
        [(typeof(TrainType), "fp32")] = "write float32.",
        [(typeof(TrainType), "float16")] = "there is no training in float16: it overflows. Write bfloat16 or float32.",
        [(typeof(TrainType), "fp16")] = "there is no training in float16: it overflows. Write bfloat16 or float32.",
        [(typeof(Reporter), "wandb")] = "nothing is sent anywhere. Write sqlite, tensorboard or html.",
        [(typeof(Reporter), "all")] = "write [sqlite, tensorboard, html], or remove the key.",
    };

    /// <summary>What to do about a key that is known elsewhere, or null.</summary>
    public static string? Key(string key) => _keys.GetValueOrDefault(key);

    /// <summary>What to do about a word that is known elsewhere, or null.</summary>
    public static string? Choice(Type type, string word) => _choices.GetValueOrDefault((type, word));
}
