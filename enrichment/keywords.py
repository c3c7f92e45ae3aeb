"""What each category is about, in words and phrases of its field. Never the name of a subnet, company or product.

{slug: {weight: terms}}: 3 for what is said of little else, 2 for what is typical, 1 for a hint. Terms are separated by
commas, are read without case, endings or hyphens, and have at most four words.
"""

KEYWORDS: dict[str, dict[int, str]] = {
    "llm-inference": {
        3: """llm inference, language model inference, inference api, inference endpoint, inference engine,
            inference service, inference provider, inference network, decentralized inference, chat completion, text
            completion, text generation, model serving, serve model, serve llm, serving large language, llm api,
            tokens per second, token streaming, conversational ai, chatbot, question answering, answer question,
            mixture of agents, response generation, prompt response, inference speed, fast inference, cheap
            inference, llm router, model router, multi model, subscription inference, intelligence api, chat api,
            long context, generate text, summarization, summarise, instruction following, pay per token, hosted
            model, helpful reply, ask anything, ai answer, cited answer, which model answered, uncensored model,
            token price, reasoning over, open language model""",
        2: """open model, inference, language model, llm, prompt, completion, chat, reasoning, generative ai,
            answer, conversation, agentic reasoning, ai model, retrieval augmented, rag, kv cache, low latency,
            organic prompt, speculative decoding, attention, helpfulness, reply, uncensored, cited, llm hosting""",
        1: """quantization, gateway, latency, throughput, token, streaming, response, query, endpoint, model, open
            source model, memory, question""",
    },
    "llm-training": {
        3: """pretraining, pre training, finetuning, fine tuning, fine tune, distributed training, decentralized
            training, collaborative training, model training, train model, llm training, foundation model, gradient,
            gradient compression, backpropagation, reinforcement learning, rlhf, perplexity, checkpoint, post
            training, posttraining, instruction tuning, lora, optimizer, pipeline parallel, model parallel, data
            parallel, model merging, merge model, knowledge distillation, distillation, hyperparameter, training
            run, federated learning, reward model, preference optimization, supervised fine tuning, scaling law,
            training loss, validation loss, automl, policy gradient, dpo, grpo, sft, low bandwidth training, best
            model, frontier model, training platform, training job, custom model, model improvement, state of the
            art, abstract reasoning, general intelligence, neural architecture, small language model, training
            cluster, model compression, pruning, base model, pseudo gradient, parameter model, distil, outer
            optimizer, synchronous training, low communication, training environment, rl environment, text corpus,
            tokenizer, lowest loss, leaderboard of models, trained on, crowd trained, train ai, compressed update,
            jointly train, adapt model, model adaptation, learn jointly, domain adaptation, volunteer compute
            training, training data center, sharded training, layer of the model""",
        2: """adapter, rollout, deep learning, train, loss, learning rate, neural network, open weight, benchmark,
            billion parameter, generalization, evaluate model, model evaluation, held out, overfitting, sparse, agi,
            competition model, reward function, self improvement, transformer, customer dataset, adapted, learns,
            jointly""",
        1: """epoch, parameter, convergence, tuning, machine learning, batch, dataset, architecture, evaluation,
            model, leaderboard, submit model, sota, tournament""",
    },
    "data-feeds": {
        3: """web scraping, scrape, scraper, crawl, crawler, data collection, data set, structured data, data
            labeling, data labelling, label data, annotation, annotate, data annotation, human feedback, oracle,
            price feed, data feed, real time data, social media data, data marketplace, search api, web search,
            semantic search, search engine, ai search, knowledge graph, indexing, indexer, data pipeline, data
            provider, data api, synthetic data, lead generation, sales lead, qualified lead, prospect, contact data,
            company data, crowdsource, human preference, preference data, open data, blockchain data, chain data,
            transcript, conversation data, data layer, data network, fresh data, large scale data, data point,
            public data, unstructured data, data enrichment, web data, multimodal dataset, training data, data
            quality, decentralized data, data miner, data source, search result, social data, market data, data
            analytics, subgraph, vector database, human labeler, map data, geospatial data, business intelligence,
            data mining, property data, real estate, knowledge base, data access, sports data, data indexing, b2b
            sales, sales intelligence, social post, aggregate data, ontology, entity resolution, geolocation, price
            data, crm, b2b, data broker, news feed, tick data, raw document, reporter, decision maker, data
            infrastructure, labelling, feedback data, data vault, data company, data service, rater, human rater,
            preference, index podcast, record retrieval, monitor news, podcast, transcribe, transcription, headline,
            local business, phone number, opening hour, open catalogue, address data, ai search engine, monitoring
            of news, media monitoring, topic monitoring, competitive intelligence, point of interest, web index,
            open index, deep research, academic paper search, data scraping, scraped data, prompt dataset""",
        2: """lead, metadata, intelligence layer, aggregator, valuation, survey, ground truth, structured,
            telemetry, data, dataset, search, feed, retrieval, social media, collect, fresh, deduplicate,
            deduplication, news, embedding, tagging, sql, labeler, database, insight, sales, company, contact,
            sentiment analysis, web page, archive, gather, aggregate, catalog, harvest, searchable, directory,
            corpus, catalogue, real time feed, video transcript""",
        1: """source, record, enrich, comment, email, post, upload data, fact, information, query, api, analytics,
            web, text, intelligence, storage""",
    },
    "serverless-compute": {
        3: """gpu rental, rent gpu, rental, gpu marketplace, compute marketplace, compute market, gpu compute,
            computing power, cloud compute, serverless, compute resource, compute network, compute platform, compute
            layer, decentralized compute, decentralized cloud, gpu cloud, gpu cluster, bare metal, virtual machine,
            on demand compute, on demand gpu, cloud infrastructure, rent compute, data center, datacenter, storage
            network, decentralized storage, object storage, file storage, cloud storage, storage provider, content
            delivery, bandwidth, rpc, rpc endpoint, rpc node, node provider, job scheduling, quantum computing,
            quantum computer, quantum circuit, quantum hardware, ssh access, compute provider, edge compute, idle
            hardware, idle gpu, hardware provider, spot price, compute capacity, compute job, deploy application,
            run application, run any, high performance computing, cloud provider, cloud service, web hosting, load
            balancing, file transfer, data transfer, chunk transfer, peer storage, compute infrastructure, ai
            compute, consumer gpu, consumer hardware, internet infrastructure, network bandwidth, app deployment,
            scalable compute, graphics card, pay by the hour, per hour, by the second, hourly, archive node, node
            operator, mesh network, file sharing, pinning, edge node, supercomputer, hpc, function as a service,
            batch job, compute hour, storage subnet, ssh, peer to peer network, cdn, vps, compute credit, gpu node,
            gpu owner, idle computer, unused hardware, compute subnet, spare capacity, spare server, server
            capacity, notebook, launch instance, cloud alternative, edge server, backup of files, distributed
            backup, decentralized hosting, distributed storage, storage node, compute renter, compute supply, gpu
            supply, gpu server, accelerated computing, internet speed, bandwidth sharing, wireless network, depin""",
        2: """hosting, workload, container, executor, full node, compute, gpu, cpu, cloud, hardware, storage, rent,
            backup, replication, shard, uptime, processor, redundancy, erasure coding, bucket, quantum, autoscaling,
            disk, terabyte, accelerator, on demand, gaming pc, spare, pooled machine, uptime guarantee, server rack""",
        1: """instance, server, machine, cluster, deploy, scalable, infrastructure, transfer, upload, provision,
            node, orchestrator, capacity, virtual, scheduler, reliability, throughput, file, download, resource,
            job, scale, platform, network, worker, cost effective, latency""",
    },
    "ai-verification": {
        3: """deepfake, deep fake, ai generated content, ai generated text, ai generated image, ai generated media,
            ai generated, ai detection, detect ai, detection of ai, content authenticity, authenticity, provenance,
            fact check, fact checker, misinformation, disinformation, zero knowledge, zk proof, zk, zkml, zk ml,
            proof of inference, verifiable inference, verified inference, verifiable ai, verifiable compute,
            verified intelligence, verified ai, verify output, cryptographic proof, cryptographically verified,
            cryptographically verifiable, snark, stark, model verification, verify model, watermark, hallucination,
            trust score, ai safety, ai alignment, alignment, synthetic media, fake news, claim verification, human
            written, machine generated, detect synthetic, model fingerprint, proof of compute, verifiable
            computation, trustworthy ai, text detection, generated text, sumcheck, computational integrity,
            interpretability, model honesty, deception, deceptive, human generated, plagiarism, proof generation,
            human written text, ai written, source verification, fake review, product review, content verification,
            content moderation, verifiable, quote verification, value alignment, forensic, liveness, refute, support
            or refute, explainability, ai detector, written by language model, written by ai, sandbag, factuality,
            media authenticity, real picture, alignment research, model audit, aligned model, misaligned, trust
            layer, truthfulness, verification layer, proof system, prove correctness, correct execution, succinct
            proof, auditable ai, which model, synthetic image, synthetic voice, genuine content, tell real from
            fake, proof of model, ai content detector, ai image detection, optimistic verification, tamper evident,
            credible source, truth finding, source of truth, model transparency""",
        2: """ethical, honest, probe, statement, verify, verification, proof, prove, prover, verifier, trustless,
            authentic, genuine, detector, detection, trust, circuit, commitment, merkle, truth, claim, corroborate,
            credibility, factual, fake, real or fake, integrity, authenticate, attribution, trustworthy, honesty,
            peer rating, factual accuracy, document authenticity, recording, auditable""",
        1: """review, bias, tamper, consistency, origin, transparency, evidence, cryptographic, detect, reliable,
            accuracy, transparent, reputation, synthetic""",
    },
    "confidential-compute": {
        3: """confidential computing, confidential ai, confidential cloud, trusted execution, trusted execution
            environment, tee, enclave, secure enclave, remote attestation, hardware attestation, attestation,
            encrypted memory, memory encryption, homomorphic, homomorphic encryption, fully homomorphic, multi party
            computation, secure multiparty, mpc, confidential virtual machine, confidential vm, confidential gpu,
            encrypted inference, private inference, secure boot, root of trust, protected execution, encrypted
            computation, secure execution environment, hardware enforced, isolated execution, encrypted model, data
            in use, blind computation, private computation, confidential inference, attested, secret sharing, secure
            computation, encrypted data, encrypted workload, hardware isolation, tamper proof hardware, secure
            hardware, never visible, hidden from the operator, data clean room, secure ai, secure inference, private
            cloud, sovereign cloud, sovereign ai""",
        2: """sealed, blind, private ai, key management, confidential, secure execution, hardware level, hardware
            security, sensitive data, encrypted, encryption, memory isolation, private data, confidentiality, data
            sovereignty""",
        1: """isolation, secure, protected, hardware, private, sensitive""",
    },
    "hashrate-mining": {
        3: """hashrate, hash rate, hashpower, hash power, bitcoin mining, btc mining, bitcoin miner, proof of work,
            pow, asic, stratum, mining difficulty, block reward, merged mining, scrypt, sha256, sha 256, solo
            mining, pool mining, mining rig, mining farm, mining hardware, mining machine, bitcoin hashrate, th s,
            ph s, terahash, petahash, exahash, pow mining, mined bitcoin, bitcoin network, bitcoin block, mining
            operation, mining reward, hash power marketplace, kilowatt, block template, mine bitcoin, mine coin,
            miner firmware, megahash, gigahash, share count, mining proxy, asic miner, energy to hash, hash
            contract, cloud mining, bitcoin hash power, hash market""",
        2: """hash, bitcoin, btc, mining pool, share difficulty, pow coin, coinbase, halving, mined, coin""",
        1: """machine, share, pool, payout, electricity, mine, worker""",
    },
    "finance-trading": {
        3: """trading, trader, trading strategy, trading signal, quantitative, portfolio, asset management, price
            prediction, price forecast, market forecast, predict price, future price, price movement, financial,
            finance, stock, stock market, equity, forex, futures, derivative, volatility, liquidity, liquidity
            provider, liquidity provision, market maker, market making, yield, yield farming, lending, borrow, loan,
            defi, decentralized finance, vault, swap, dex, decentralized exchange, arbitrage, prediction market,
            betting, sports betting, odds, wager, sportsbook, backtest, sharpe, sharpe ratio, drawdown, profit, pnl,
            investing, investor, investment, stablecoin, collateral, liquidation, etf, index fund, cross chain,
            atomic swap, order book, limit order, copy trading, commodity, crypto asset, cryptocurrency, crypto
            market, probabilistic forecast, monte carlo, market sentiment, perpetual, perp, slippage, treasury,
            price path, credit scoring, insurance, real world asset, tokenized, financial market, alpha generation,
            alpha signal, forecasting market, money market, interest rate, sports prediction, future event, event
            forecasting, prediction of event, native asset, token exchange, intent execution, escrow, tokenization,
            wealth, trade execution, prop trading, proprietary trading, hedging, risk management, on chain
            liquidity, apy, long and short, market cap, funding rate, ticker, token price, bookmaker, closing line,
            tax, accounting, invoice, remittance, peg, rwa, otc, launchpad, tokenomics, restaking, mortgage, brier,
            calibrated forecast, rebalance, dividend, custody, custodian, airdrop, concentrated liquidity, limit
            order book, real capital, overcollateralized, fee revenue, crypto trading, cross asset, banking, market
            microstructure, cap table, crowdfunding, fundraising, ipo, wealth management, otc trading, leveraged,
            tightest spread, model portfolio, index of the best, investable, crowd wisdom, betting edge, tonight's
            games, liquid staking, token launch, options pricing, implied volatility, price feed forecast, capital
            allocation, prop firm, funded account, forecaster, economic forecast, election forecast, event contract,
            binary market, cross margin, trading bot, trading agent, quant model, market data analysis, fund
            manager, etf like, dtao, subnet index""",
        2: """hedge fund, fund, bridge, payment, earnings, solver, bond, auction, margin, dao, debt, keeper, market,
            price, forecast, prediction, predict, predictive, crypto, sentiment, capital, settlement, exchange,
            currency, dollar, asset, sport, bitcoin price, intent, superforecasting, probability, match outcome,
            token, economics, politics, election, geopolitical, football, basketball, game outcome, transfer of
            value, broker, spread, alpha token, subnet token, cashflow, revenue share""",
        1: """staking, delegation, credit, holder, return, risk, wallet, signal, position, transaction, order, on
            chain, fee, buy, sell, outcome, alpha, strategy, event, smart contract, blockchain, collateralized,
            performance""",
    },
    "security-auditing": {
        3: """vulnerability, vulnerable, exploit, smart contract audit, audit, auditor, security audit, code audit,
            penetration testing, pentest, red team, cybersecurity, cyber security, cyber, threat, threat
            intelligence, threat detection, malware, phishing, ddos, denial of service, firewall, intrusion,
            intrusion detection, bug bounty, adversarial attack, fraud, fraud detection, anti fraud, identity
            verification, kyc, sanction, sanction screening, money laundering, aml, bot detection, detect bot, anti
            bot, captcha, cheat detection, anti cheat, cheating, scam, honeypot, fuzzing, jailbreak, prompt
            injection, guardrail, exploit detection, code security, wallet security, traffic filtering, device
            fingerprinting, security research, incident response, zero day, security challenge, human or bot, bot
            behavior, attack detection, identity fraud, financial crime, synthetic identity, name variation,
            impersonation, security solution, enhance security, anomaly detection, spoofing, smart contract
            security, reverse engineering, ai security, network security, flaw, defender, junk packet, hostile
            traffic, malicious traffic, flooding, cve, ransomware, secret leak, biometric, rug pull, misbehave,
            attack surface, exploitable, hacker, penetration, patch vulnerability, smart contract vulnerability,
            counter measure, detect exploit, anti phishing, secure code, know your customer, security bounty, stress
            test, risk score, credential stuffing, automated abuse, exploitable bug, scan codebase, code scanning,
            fingerprinting, bot traffic, security posture, security patch, vulnerability detection, vulnerability
            scanning, security testing, white hat, smart contract bug, wallet drainer, cyber defense, cyber attack,
            threat hunting, identity testing, transaction monitoring, fraud prevention, suspicious activity, agent
            security, ai firewall, adversarial testing, adversarial robustness, attack simulation, human
            verification, proof of personhood, sybil""",
        2: """compliance, mitigation, identity, evasion, bot, packet, access control, authentication, spam, abuse,
            harmful, threat model, arms race, breach, bounty, security, attack, attacker, adversarial, defense,
            defend, protect, detection, detect, malicious, suspicious, hack, weakness, hardening, screening,
            adversary, secure, automated play, traffic, hostile, filter, hole, automated player, behaviour,
            behavior, behavioral, human from bot""",
        1: """risk, robustness, integrity, contract, break, safe, safety, protection, challenge, detector,
            monitoring, human""",
    },
    "privacy-anonymity": {
        3: """vpn, virtual private network, private network, proxy, residential proxy, anonymous, anonymity,
            anonymous browsing, private browsing, onion routing, mixnet, mixer, censorship, censorship resistant,
            censorship resistance, privacy preserving, privacy, data privacy, surveillance, tracking protection, ip
            address, vpn connection, exit node, anonymize, pseudonymous, private messaging, end to end encrypted,
            private transaction, private communication, internet freedom, location masking, zero log, no log, self
            sovereign, digital footprint, private access, untraceable, private internet, user privacy, internet
            privacy, egress, residential ip, censor, stealth, obfuscate, private dns, decentralized identity, zero
            knowledge identity, incognito, hide address, hide ip, share bandwidth, geo restriction, secure
            messaging, who talk, private payment, shielded, access restriction, decentralized vpn, encrypted
            messaging, metadata protection, without log, proxies in, anonymous payment, ring signature, private
            credential, private search, metadata free, confidential transaction, private voting, unlinkable, dark
            web, geo distributed ip, egress ip, ip rotation, rotating proxy""",
        2: """personal data, geographic location, watched, data ownership, private, encrypted, tunnel, browsing,
            relay, mask, hide, confidentiality, personally identifiable, surf, counterparties, reveal, balance""",
        1: """credential, ip, border, message, peer, connection, country, internet, identity, location, secure,
            freedom""",
    },
    "media-vision": {
        3: """computer vision, vision model, image classification, object detection, image recognition, video
            analysis, video analytics, video understanding, video generation, image generation, generate image,
            generate video, text to image, text to video, text to 3d, 3d, 3d model, 3d asset, 3d content, 3d
            generation, 3 d, gaussian splat, texture, radiance field, avatar, animation, video upscaling, upscaling,
            super resolution, video compression, video processing, video enhancement, photo, photograph, camera,
            footage, segmentation, pose estimation, audio generation, music generation, music, song, speech
            synthesis, text to speech, voice, voice cloning, diffusion, diffusion model, generative art, point
            cloud, street view, dashcam, ocr, visual effect, codec, video stream, game footage, sports video, match
            video, image, video, annotated video, multimodal generation, player tracking, scene understanding,
            object tracking, image data, generative media, film, artist, virtual try on, construction site,
            roadwork, video quality, lip sync, dubbing, subtitle, 4k, bitrate, perceptual quality, style transfer,
            inpainting, comic, augmented reality, virtual reality, splat, vfx, cad, vocal, lyric, compose, melody,
            listener, depth estimation, lidar, broadcast camera, footage analysis, drone imagery, game ready, game
            asset, digital art, cinematic, sports analytics, pothole, traffic sign, face recognition, facial, visual
            content, generate asset, video content analysis, live video, image generator, video generator, creative
            ai, music video, cctv, surveillance camera, event detection in video, live stream, movie, cartoon,
            virtual production, product photo, image editing, photo editing, video editing, sports stream, drone
            video, image to 3d, 3d reconstruction, photogrammetry, motion capture, sound effect, voice conversion,
            voice synthesis, media generation, video super resolution, visual search, image embedding, video
            indexing, computer generated, visual inspection, ai video, ai image, ai music, ai art, image quality,
            frame rate""",
        2: """mesh, rendering, visual, speech, clip, vision, picture, scene, pixel, sound, audio, creative,
            multimedia, artistic, prompt to 3d, road, artwork, broadcast, street, graphics, sketch""",
        1: """media, frame, multimodal, asset, studio, drawing, design, caption, stream, generation, detect,
            content, classification, resolution""",
    },
    "science-research": {
        3: """drug discovery, drug, molecule, molecular, protein, protein folding, folding, molecular dynamics,
            biology, biological, biotech, genomic, genome, genetic, dna, rna, chemistry, chemical, binding affinity,
            small molecule, virtual screening, clinical, medical, medicine, healthcare, cancer, disease, diagnosis,
            diagnostic, patient, weather, weather forecast, climate, meteorology, meteorological, precipitation,
            geomagnetic, soil moisture, satellite, satellite imagery, earth observation, geophysical, atmospheric,
            physics, mathematics, mathematical, theorem, theorem proving, combinatorial optimization, combinatorial,
            optimization problem, traveling salesman, graph problem, maximum clique, clique, np hard, graph theory,
            material science, astronomy, scientific, scientific discovery, science, academic, simulation
            environment, robot, robotic, drone, autonomous flight, autonomous vehicle, embodied, embodied ai,
            physical ai, locomotion, chip design, hardware design, neuroscience, renewable, energy grid, energy
            market, agriculture, hypothesis, laboratory, longevity, cryptanalysis, algorithm discovery, pathfinding,
            humanoid, peer review, scientist, computational biology, therapeutic, reanalysis, wind speed, solar,
            ecology, mathematical proof, research problem, hard problem, unsolved, integer factorization,
            optimization algorithm, route optimization, wildfire, flood, wind, rain, storm, hurricane, earthquake,
            seismic, ocean, carbon, biodiversity, exoplanet, antibody, peptide, enzyme, vaccine, eeg, mri, x ray,
            radiology, melanoma, hospital, clinical trial, docking, antitarget, anti target, differential equation,
            polymer, semiconductor, verilog, rtl, fpga, circuit design, constraint satisfaction, integer
            programming, uav, quadcopter, legged, autopilot, self driving, conjecture, formal proof, proof
            assistant, sequencing, precision medicine, numerical model, electricity demand, power grid,
            bioinformatic, virology, aging, doctor, physician, tumor, oncology, policy generalization, control
            policy, medical image, protein structure, drug candidate, novel compound, pharma, pharmaceutical,
            aerospace, world model, physics simulation, robot learning, math problem, mathematician, evolutionary,
            research agent, research lab, autonomous research, scientific research, collective intelligence,
            crystal, air quality, air pollution, faster algorithm, discover algorithm, mathematical problem, new
            material, catalyst, simulating crystal, molecular simulation, plasma, quantum chemistry, ai scientist,
            co scientist, lab automation, pathology, tissue, single cell, microbiome, mental disorder, neural
            signal, brain computer, electrocardiogram, biomarker, health prediction, medical diagnosis, medical
            data, drug design, protein design, antimicrobial, pandemic, crop yield, farming, forestry, wildlife,
            marine, geology, geospatial model, seismology, space weather, asteroid, orbit, aerodynamic, fluid
            dynamics, finite element, engineering simulation, cad optimization, supply chain optimization, vehicle
            routing, packing problem, sat problem, combinatorial search, game of go, open conjecture, olympiad,
            formal verification of proofs, robotic manipulation, robot policy, vision language action, dexterous,
            quadruped, rover, autonomous navigation, autonomous driving, motion planning, embodied intelligence""",
        2: """gene, compound, health, temperature, environmental, manipulation, crop, algorithmic, flight, skin,
            battery, logistics, variant, benchmark problem, symbolic, research, researcher, simulation, simulate,
            simulator, solve problem, optimization, algorithm, discovery, experiment, sensor, graph, cognitive,
            cognition, brain, sim to real, scientific computing, spatial, lab, health data, swarm robotics, open
            problem, computational problem, biological data, heat, crystalline""",
        1: """navigation, binding, space, planning, solve, engineering, target, problem, forecast, prediction,
            challenge, evaluate, environment, solution, discover, energy""",
    },
    "consumer-ai": {
        3: """companion, ai companion, roleplay, role play, virtual friend, game, gaming, gamer, video game, player,
            esports, entertainment, social network, social app, consumer app, mobile app, app store, content
            creator, creator, influencer, advertising, advertisement, advertiser, ad campaign, campaign, marketing,
            affiliate, e commerce, ecommerce, online store, shopping, shopper, retail, product recommendation,
            recommendation, recommendation engine, personalized, personalization, fan, dating, personal assistant,
            personal ai, virtual assistant, voice assistant, translation, translate, translator, speech translation,
            real time translation, language learning, education, educational, tutor, student, travel, booking,
            nutrition, calorie, fitness, wellness, therapy, mental health, emotional, emotional intelligence,
            empathy, meme, nft, audience, subscriber, viewer, brand, sponsor, podcast, chess, board game, metaverse,
            virtual world, user engagement, job seeker, recruiting, recruitment, hiring, resume, digital worker, ai
            employee, agent marketplace, customer engagement, browser extension, lifestyle, personality, speech to
            speech, generalist agent, digital twin, consumer, everyday life, tipping, creator economy, watch time,
            agent store, multiplayer, girlfriend, anime, recipe, diet, meal, sleep, meditation, quiz, puzzle, card
            game, npc, spectator, celebrity, loyalty, coupon, basket, checkout, job candidate, job interview,
            freelance, hotel, restaurant, parent, kid, virtual companion, friend, conversational companion,
            interpreting, simultaneous interpretation, social deduction, word game, game playing, game theory, video
            creator, content creation, per sale, ad network, targeted advertising, customer support, bookkeeping,
            digital employee, personal agent, marketing campaign, web3 gaming, in game, human friendly, mental
            wellness, ai friend, ai character, viewership, performance marketing, engagement farming, household,
            smart home, wearable, dating app, personalised, interview, employer, job, card, learn language, playing
            game, webshop, web shop, talk to character, remembers you, storytelling, interactive fiction, virtual
            pet, party game, trivia, fan engagement, sports fan, ticketing, gift card, restaurant booking, travel
            planning, fashion, styling, beauty, learning platform, teacher, classroom, exam, cv, ghostwriting,
            social post generation, content marketing, influencer marketing, brand safety, ad placement, ad
            optimization, click fraud, landing page, customer service agent, call center agent, voice agent, phone
            agent, email assistant, calendar, personal finance assistant, companion app, relationship, loneliness,
            human connection, fortune, entertainment platform, streaming platform, watch party""",
        2: """pet, character, food, conversion rate, click, interpretation, coach, candidate, publisher, customer,
            app, fun, play, conversation, emotion, everyday, social, human like, merchant, joke, buyer, seller,
            tongue, gift, experience, health app, community driven, battle, webshop conversion, battle royale,
            everyday user""",
        1: """community, user, assistant, business, engagement, language, promote, sale, care, chat, human, call,
            social media, watch, people, interactive, content, mobile, agent, team, reward user, tournament""",
    },
    "dev-tooling": {
        3: """developer tool, software engineering, software development, coding agent, code generation, ai coding,
            coding, codebase, programming, programmer, pull request, debugging, open source software, open source
            contribution, open source development, open source project, ide, model context protocol, mcp, mcp
            server, tool use, tool calling, function calling, tool interface, agent framework, autonomous agent, web
            agent, browser agent, browser automation, web automation, agent infrastructure, agent orchestration,
            multi agent, workflow automation, no code, low code, code review, refactor, compiler, kernel
            optimization, devops, continuous integration, agent skill, prompt optimization, context compression,
            prompt compression, text chunking, chunking, tooling, code quality, software issue, swe, ai tooling,
            merged pull request, unit test, code contribution, engineering agent, agent evaluation, smart contract
            development, developer platform, application builder, app builder, website builder, user interface
            generation, context engineering, coding benchmark, command line, prompt engineering, agent memory,
            retrieval pipeline, passage, document chunking, web application, web app, front end, webpage generation,
            website generation, kernel, gpu kernel, sandboxed code, real bug, public repository, issue resolution,
            agentic coding, program synthesis, test case, tool server, hosted tool, website interaction, form
            filling, code submission, maintainers, software agent, computer use, agent benchmark, coding assistant,
            developer productivity, ai engineer, build agent, agent builder, agent platform, agent economy, agentic
            workflow, api for agents, subnet development, open source ecosystem, feature request, tested code,
            deploying agent, agent runtime, agent deployment, agent sdk, agent tool, agent protocol, agent to agent,
            agent interoperability, api marketplace, code completion, codegen, code model, software factory, vibe
            coding, ide extension, pull request review, bug fixing, test generation, documentation generation,
            migration of code, formal verification of code, smart contract generation, contract generator, subnet
            template, subnet builder, launch subnet, no code subnet, developer sdk, web scraping agent, ui testing,
            rag pipeline, embedding model, reranking, vector search, knowledge retrieval, context window, token
            compression, json extraction, document parsing, pdf parsing, ocr pipeline, mlops, experiment tracking,
            inference kernel, optimized kernel, compiler optimization, code optimization, performance engineering""",
        2: """developer, sdk, ai agent, plugin, toolkit, ticket, shell, connector, frontend, backend, merge,
            software, bug, issue, automation, automate, workflow, programmatic, agent, compression, programming
            language, write code, agentic, deliver code, software team, parser""",
        1: """bug fix, framework, api integration, repository, template, document, code, integration, library,
            contribution, build, open source, engineer, script, click, form, website, interface, task, api, test,
            contributor, build application, solution, language, patch""",
    },
}
